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
    this.results.addEventListener("focusout", (event) => !this.results.contains(event.relatedTarget) && this.show());
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

  /** The fieldset's own fields, `data-match-fields` by the last part of their name; and what is chosen of those found. */
  asked() {
    const asked = new URLSearchParams();
    for (const control of this.box.querySelectorAll("input, select, textarea")) {
      const short = control.name?.split("-").pop();
      const chosen = !["radio", "checkbox"].includes(control.type) || control.checked;
      if (control.name && chosen && (this.results.contains(control) || !this.names || this.names.includes(short))) {
        asked.append(control.name, control.value);
      }
    }
    return asked;
  }

  changed(event) {
    clearTimeout(this.timer);
    // A choice is made at once; typing goes on.
    if (this.results.contains(event.target)) this.ask();
    else this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const asked = this.asked();
    if (asked.toString() === this.last) return;
    this.last = asked.toString();
    this.abort?.abort();
    this.abort = new AbortController();
    try {
      const answer = document.createElement("template");
      answer.innerHTML = await postForHtml(this.box.dataset.matchUrl, asked, this.abort.signal);
      for (const part of answer.content.querySelectorAll("template[data-match-place]")) {
        part.remove();
        this.put(document.getElementById(part.dataset.matchPlace), part.innerHTML);
      }
      this.said = answer.innerHTML.trim();
      this.show();
    } catch (fault) {
      // Nothing is lost: the same comparison is made when the form is sent.
      if (fault.name !== "AbortError") this.last = "";
    }
  }

  /** Into another place of the page; whoever chooses keeps what they chose where it was. */
  put(place, html) {
    if (!place || place.innerHTML.trim() === html.trim()) return;
    const here = document.activeElement;
    const top = here.getBoundingClientRect().top;
    place.setAttribute("aria-live", "polite");
    place.innerHTML = html;
    if (this.results.contains(here)) window.scrollBy(0, here.getBoundingClientRect().top - top);
  }

  /** An answer that has not changed is not read out again; nothing is taken from under the finger of whoever chooses. */
  show() {
    const { said, results, box } = this;
    if (said === undefined || said === this.shown || results.contains(document.activeElement)) return;
    results.innerHTML = this.shown = said;
    initAll({ scope: results });
    // An answer below the fold is not seen, and one that stays in sight may have come over the field somebody is in.
    if (!box.contains(document.activeElement)) return;
    if (this.now) results.scrollIntoView({ block: "nearest" });
    document.activeElement.scrollIntoView({ block: "nearest" });
  }
}

export function startMatch() {
  for (const box of document.querySelectorAll("[data-match-url]")) if (box.querySelector("[data-match-results]")) new Match(box);
}
