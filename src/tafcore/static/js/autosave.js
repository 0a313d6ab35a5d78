// Drafts: each field goes to the server by itself, soon after the last key. What is not saved says so, and stays here.
import { clearNote, showConflict, showRefusal } from "./conflict.js";
import { controlsByKey, keyOf, labelOf, saidAs, setValue, valueOf } from "./draftfields.js";
import { News } from "./news.js";
import { SaveStatus } from "./savestatus.js";
import { getJson, postJson, Refused, setCsrfToken, SignedOut } from "./server.js";

const PAUSE = 800; // milliseconds after the last key; the promise is one second
const LONGEST_WAIT = 30000;
const BATCH = 100; // operations in one request

function newId() {
  return crypto.randomUUID?.() || [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draft;
    this.seen = form.dataset.heard || ""; // as far as the page has heard what others write, where it listens
    this.revsInput = form.querySelector("input[name=_revs]");
    this.revs = JSON.parse(this.revsInput?.value || "{}");
    this.saved = new Map(); // key -> value the server has (or the page was served with)
    this.dirty = new Set();
    this.flying = []; // operations sent and not yet answered; sent again unchanged until they are
    this.conflicts = new Set();
    this.refused = new Set();
    this.wait = 0;
    this.status = new SaveStatus(form, { retry: () => this.retry(), asText: () => this.asText() });
    for (const [key, controls] of controlsByKey(form)) this.saved.set(key, valueOf(controls));
    this.listen();
    if (this.seen) new News(this);
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => this.touched(event.target));
    form.addEventListener("change", (event) => this.touched(event.target));
    form.addEventListener("focusout", () => this.flush());
    form.addEventListener("tafcore:row-added", (event) => this.touchAll(event.target));
    form.addEventListener("tafcore:row-removed", (event) => this.emptied(event.detail.row));
    form.addEventListener("submit", (event) => this.submitting(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.retry()));
    window.addEventListener("pagehide", () => this.flush());
    window.addEventListener("pageshow", () => (this.leaving = false));
    window.addEventListener("focus", () => this.troubled && this.retry());
    window.addEventListener("online", () => this.retry());
    window.addEventListener("offline", () => this.cutOff());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.unsaved) event.preventDefault();
    });
  }

  get unsaved() {
    return this.dirty.size > 0 || this.flying.length > 0 || this.conflicts.size > 0;
  }

  touched(control) {
    if (!control.name || control.form !== this.form) return;
    const key = keyOf(control);
    const controls = controlsByKey(this.form).get(key);
    if (!controls) return;
    this.compare(key, valueOf(controls));
    this.name(control);
    if (this.refused.delete(key)) clearNote(key);
    this.soon();
  }

  /** Under a row that nobody has filled yet: the server has to know that there is one. */
  name(control) {
    let row = control.closest("[data-row]");
    while ((row = row?.parentElement.closest("[data-row-key]"))) {
      const key = keyOf(row.querySelector("input[type=hidden][name$='-row_key']"));
      if (!(key in this.revs)) this.dirty.add(key);
    }
  }

  touchAll(scope) {
    for (const [key, controls] of controlsByKey(scope)) this.compare(key, valueOf(controls));
    this.soon();
  }

  /** A row taken out of the page is a row whose fields are all empty. */
  emptied(row) {
    for (const key of controlsByKey(row).keys()) {
      this.conflicts.delete(key);
      this.compare(key, "");
    }
    this.soon();
  }

  /** Worth sending only if it differs from what the server has, or is about to have. */
  compare(key, value) {
    const known = this.flying.find((op) => op.field === key)?.value ?? this.saved.get(key) ?? "";
    if (value === known) this.dirty.delete(key);
    else this.dirty.add(key);
  }

  soon() {
    if (this.troubled) return; // the retry on its way takes this with it
    clearTimeout(this.timer);
    if (this.dirty.size > 0) this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  retry() {
    if (this.troubled) {
      clearTimeout(this.timer);
      this.wait = 0;
      this.send();
    }
  }

  flush() {
    if (this.troubled) return;
    clearTimeout(this.timer);
    this.send();
  }

  /** Turn what changed into operations, unless some are still on their way. */
  gather() {
    const controls = controlsByKey(this.form);
    for (const key of [...this.dirty].filter((one) => !this.conflicts.has(one)).slice(0, BATCH)) {
      const value = controls.has(key) ? valueOf(controls.get(key)) : "";
      this.flying.push({ op: newId(), field: key, base: this.revs[key] || 0, value });
      this.dirty.delete(key);
    }
  }

  send() {
    if (!this.sending) this.inFlight = this.sendNow().finally(() => (this.inFlight = null));
    return this.inFlight;
  }

  async sendNow() {
    if (this.flying.length === 0) this.gather();
    if (this.flying.length === 0 && !this.troubled) return;
    this.sending = true;
    if (this.flying.length > 0) this.status.saving();
    try {
      if (this.signedOut || this.flying.length === 0) setCsrfToken((await getJson(this.url)).csrf);
      this.signedOut = false;
      const said = this.flying.length > 0 ? await this.post(this.flying) : { results: [] };
      this.troubled = false;
      this.wait = 0;
      if (said.seen) this.seen = said.seen;
      if (said.said) this.form.dispatchEvent(new CustomEvent("tafcore:said", { detail: said.said }));
      for (const result of said.results) this.answered(result);
      this.flying = [];
      this.report();
    } catch (fault) {
      await this.failed(fault);
    } finally {
      this.sending = false;
    }
    if (!this.troubled && [...this.dirty].some((key) => !this.conflicts.has(key))) this.soon();
  }

  /** A token may have been replaced in another tab: fetch the present one and try once more. */
  async post(ops) {
    const { seen } = this;
    try {
      return await postJson(this.url, { ops, seen });
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.status !== 400) throw fault;
      setCsrfToken((await getJson(this.url)).csrf);
      return postJson(this.url, { ops, seen });
    }
  }

  answered(result) {
    const op = this.flying.find((one) => one.op === result.op);
    if (!op) return;
    const controls = controlsByKey(this.form).get(op.field);
    if (result.status === "saved") {
      this.revs[op.field] = result.rev;
      this.saved.set(op.field, op.value);
      if (this.revsInput) this.revsInput.value = JSON.stringify(this.revs);
      clearNote(op.field);
    } else if (result.status === "conflict" && controls) {
      this.conflict(op, controls, result);
    } else if (result.status === "refused" && controls) {
      this.refuse(op.field, controls, result.message);
    }
  }

  refuse(key, controls, message) {
    this.refused.add(key);
    showRefusal(key, controls, message || "This cannot be saved as it is");
  }

  conflict(op, controls, theirs) {
    const key = op.field;
    this.conflicts.add(key);
    const settle = () => {
      this.conflicts.delete(key);
      this.revs[key] = theirs.rev;
      this.saved.set(key, theirs.value);
      if (this.revsInput) this.revsInput.value = JSON.stringify(this.revs);
    };
    showConflict({
      key,
      controls,
      mine: valueOf(controls),
      theirs: theirs.value,
      by: theirs.by,
      message: theirs.message,
      keepMine: () => {
        settle();
        this.dirty.add(key);
        this.flush();
      },
      useTheirs: () => {
        settle();
        setValue(controls, theirs.value);
        this.dirty.delete(key);
        this.report();
      },
    });
  }

  report() {
    if (this.conflicts.size > 0) this.status.unresolved(this.conflicts.size);
    else if (this.refused.size > 0) this.status.refused();
    else this.status.saved();
  }

  async failed(fault) {
    if (fault instanceof Refused && (fault.status === 422 || fault.status === 413)) {
      await this.oneByOne(fault);
      return;
    }
    this.troubled = true;
    this.signedOut = fault instanceof SignedOut;
    if (this.signedOut) this.status.signedOut();
    else this.status.offline();
    this.again();
  }

  /** One field spoils the batch: the others must not wait for it. */
  async oneByOne(fault) {
    const ops = this.flying;
    this.flying = [];
    if (ops.length === 1) {
      const controls = controlsByKey(this.form).get(ops[0].field);
      if (controls) this.refuse(ops[0].field, controls, fault.message);
      this.report();
      return;
    }
    while (ops.length > 0 && !this.troubled) {
      this.flying = [ops.shift()];
      this.sending = false;
      await this.send();
    }
    this.flying.push(...ops);
  }

  /** The browser knows that the line is gone before a request fails. */
  cutOff() {
    this.troubled = true;
    this.status.offline();
    this.again();
  }

  again() {
    clearTimeout(this.timer);
    this.wait = Math.min(LONGEST_WAIT, (this.wait || 1000) * 2);
    this.timer = setTimeout(() => this.send(), this.wait);
  }

  /** Sending the whole form without a connection would lose the page: stay, and keep trying. Where the form asks for it,
   * what is not saved yet goes first, by itself, which shows whether there is one. */
  submitting(event) {
    if (this.leaving) return;
    if (!navigator.onLine && !this.troubled) this.cutOff();
    if (!this.troubled && !("savedFirst" in this.form.dataset && this.waiting)) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    if (this.troubled) {
      this.retry();
      this.status.line.scrollIntoView({ block: "center" });
    } else {
      this.savedFirst(event.submitter);
    }
  }

  get waiting() {
    return this.flying.length > 0 || [...this.dirty].some((key) => !this.conflicts.has(key));
  }

  async savedFirst(submitter) {
    if (this.submitter !== undefined) return;
    this.submitter = submitter;
    clearTimeout(this.timer);
    while (this.waiting && !this.troubled) await (this.inFlight || this.send());
    delete this.submitter;
    if (this.troubled) return this.status.line.scrollIntoView({ block: "center" });
    this.leaving = true;
    this.form.requestSubmit(submitter);
  }

  asText() {
    const lines = [document.title];
    for (const controls of controlsByKey(this.form).values()) {
      const said = controls[0].type === "hidden" ? "" : saidAs(controls, valueOf(controls));
      if (said) lines.push(`${labelOf(controls[0])}: ${said}`);
    }
    return lines.join("\n\n");
  }
}

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
}
