// "Is this somebody we know?" while typing: the server compares and writes the answer; this only fetches it.
import { initAll } from "./govuk.js";
import { postForHtml } from "./server.js";

const PAUSE = 500;

class Match {
  constructor(box) {
    this.box = box;
    this.names = box.dataset.matchFields?.split(/\s+/);
    // Its own, not that of a box within it.
    this.results = box.querySelector(":scope > [data-match-results]") ?? box.querySelector("[data-match-results]");
    this.results.setAttribute("aria-live", "polite");
    this.last = this.asked().toString();
    for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => this.changed(event));
    // The form's first button, which Enter presses too: nobody need leave the page to look.
    this.now = box.querySelector(":scope [data-match-now]");
    this.now?.addEventListener("click", (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      this.ask();
    });
  }

  /** The fieldset's own fields; `data-match-fields` names them by the last part of their name. */
  asked() {
    const asked = new URLSearchParams();
    for (const control of this.box.querySelectorAll("input, select, textarea")) {
      const short = control.name?.split("-").pop();
      const chosen = !["radio", "checkbox"].includes(control.type) || control.checked;
      if (control.name && chosen && !this.results.contains(control) && (!this.names || this.names.includes(short))) {
        asked.append(control.name, control.value);
      }
    }
    return asked;
  }

  changed(event) {
    if (this.results.contains(event.target)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const asked = this.asked();
    if (asked.toString() === this.last) return;
    this.last = asked.toString();
    this.abort?.abort();
    this.abort = new AbortController();
    try {
      const html = await postForHtml(this.box.dataset.matchUrl, asked, this.abort.signal);
      // An answer that has not changed is not read out again.
      if (this.results.innerHTML.trim() !== html.trim()) {
        this.results.innerHTML = html;
        initAll({ scope: this.results });
        // An answer below the fold is not seen, and one that stays in sight may have come over the field somebody is in.
        if (this.now && this.box.contains(document.activeElement)) this.results.scrollIntoView({ block: "nearest" });
        if (this.box.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
      }
    } catch (fault) {
      // Nothing is lost: the same comparison is made when the form is sent.
      if (fault.name !== "AbortError") this.last = "";
    }
  }
}

export function startMatch() {
  for (const box of document.querySelectorAll("[data-match-url]")) if (box.querySelector("[data-match-results]")) new Match(box);
}
