// What others write in the same form appears while it is open: asked for now and then, never over what is being typed.
import { controlsByKey, labelOf, setValue, valueOf } from "./draftfields.js";
import { json } from "./server.js";

const SOON = 4000; // milliseconds between two questions while people write
const LATEST = 20000; // and while nobody does
const SHOWN = 8000;

/** As the server sums up what a page was served with. */
function crc32(text) {
  let sum = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 8; bit > 0; bit -= 1) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}

export class News {
  constructor(draft) {
    this.draft = draft;
    this.form = draft.form;
    this.status = document.querySelector("[data-news]");
    this.servedInput = this.form.querySelector("input[name=_served]");
    this.waiting = new Map(); // key -> value and revision that are not on the page yet
    this.pause = SOON;
    this.form.addEventListener("input", () => (this.pause = SOON));
    this.form.addEventListener("focusout", () => setTimeout(() => this.write()));
    document.addEventListener("visibilitychange", () => !document.hidden && this.later(0));
    this.later(this.pause);
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => this.ask(), pause);
  }

  /** Nobody looks, or there is no line: autosave says so, and tries again. */
  get quiet() {
    return document.hidden || document.documentElement.classList.contains("app-blanked") || this.draft.troubled;
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      if (!this.quiet) await this.hear();
    } catch {
      this.pause = LATEST;
    }
    this.asking = false;
    this.later(this.pause);
  }

  /** Not by server.js: an answer to what nobody asked must not keep the session's clock from running out. */
  async hear() {
    const at = new URL(this.draft.url, location.href);
    at.pathname += "/news";
    at.searchParams.set("seen", this.draft.seen);
    const answer = await fetch(at, { headers: json, credentials: "same-origin", redirect: "manual", cache: "no-store" });
    this.pause = answer.status === 200 ? SOON : Math.min(LATEST, this.pause * 1.5);
    if ([403, 404, 422].includes(answer.status)) this.end(await answer.json());
    if (answer.status !== 200) return;
    const { seen, values, revs } = await answer.json();
    this.draft.seen = seen;
    for (const key of Object.keys(values)) {
      if (revs[key] > (this.draft.revs[key] || 0)) this.waiting.set(key, { value: values[key], rev: revs[key] });
    }
    this.write();
  }

  /** Finished by somebody else, or no longer open to this person. */
  end(said) {
    this.over = true;
    const words = said.errors?.[0]?.message || said.title;
    if (words) this.draft.status.say(words, !this.draft.unsaved);
  }

  write() {
    const changed = [];
    // A row under a new row can be made once that one is there.
    for (let left = -1; left !== this.waiting.size; ) {
      left = this.waiting.size;
      for (const [key, { value, rev }] of this.waiting) {
        const controls = this.controls(key, value);
        if (!controls || this.busy(key, controls)) continue;
        this.waiting.delete(key);
        if (rev <= (this.draft.revs[key] || 0)) continue;
        if (valueOf(controls) !== value) changed.push(controls[0]);
        this.put(key, controls, value, rev);
      }
    }
    if (this.draft.revsInput) this.draft.revsInput.value = JSON.stringify(this.draft.revs);
    this.show(changed.filter((control) => control.type !== "hidden"));
  }

  put(key, controls, value, rev) {
    setValue(controls, value);
    this.draft.saved.set(key, value);
    this.draft.revs[key] = rev;
    if (!this.servedInput) return;
    const served = JSON.parse(this.servedInput.value);
    served[key] = crc32(value);
    this.servedInput.value = JSON.stringify(served);
  }

  busy(key, controls) {
    const { dirty, conflicts, flying } = this.draft;
    return dirty.has(key) || conflicts.has(key) || flying.some((op) => op.field === key) || controls.includes(document.activeElement);
  }

  /** The field's controls; of a row that a colleague began, in the list where it belongs, if this page has that. */
  controls(key, value) {
    const found = controlsByKey(this.form).get(key);
    if (found || !value) return found;
    const [list, row] = key.split("-");
    const box = row && this.form.querySelector(`[data-rows="${CSS.escape(list)}"]`);
    if (!box || box.querySelector(`:scope > [data-row-key="${CSS.escape(row)}"]`)) return undefined;
    box.dispatchEvent(new CustomEvent("tafcore:row-wanted", { detail: { key: row } }));
    for (const [name, controls] of controlsByKey(box)) if (!this.draft.saved.has(name)) this.draft.saved.set(name, valueOf(controls));
    return controlsByKey(this.form).get(key);
  }

  show(controls) {
    if (controls.length === 0) return;
    const groups = controls.map((control) => control.closest(".govuk-form-group, .app-segments, .app-chip") || control);
    for (const group of groups) group.classList.add("app-heard");
    const names = [...new Set(controls.map((control) => labelOf(control)))];
    if (this.status) this.status.textContent = `A colleague has written: ${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""}`;
    setTimeout(() => groups.forEach((group) => group.classList.remove("app-heard")), SHOWN);
  }
}
