// One place says whether what is on the page is safe, and offers a way out when it is not.
import { signInUrl } from "./server.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export class SaveStatus {
  /** `retry` tries again now; `asText` gives everything typed, as text to copy. */
  constructor(form, { retry, asText }) {
    this.line = form.querySelector("[data-save-status]") || document.querySelector("[data-save-status]");
    if (!this.line) {
      this.line = Object.assign(document.createElement("p"), { className: "app-save__words" });
      this.line.setAttribute("role", "status");
      form.prepend(this.line);
    }
    this.box = this.line.closest("[data-save]") || this.line.parentElement;
    this.asText = asText;
    this.signIn = Object.assign(document.createElement("a"), {
      className: "govuk-link",
      href: signInUrl(),
      target: "_blank",
      rel: "noopener",
      textContent: "Sign in again (opens in a new tab)",
    });
    this.panel = Object.assign(document.createElement("div"), { className: "app-save__panel app-buttons app-no-print", hidden: true });
    this.panel.append(
      this.signIn,
      button("Try again now", retry),
      button("Copy what I typed", () => this.copy()),
      button("Print this page", () => window.print()),
    );
    this.line.after(this.panel);
  }

  say(words, safe = true, signedOut = false) {
    clearTimeout(this.slow);
    if (this.line.textContent !== words) this.line.textContent = words;
    this.box.classList.toggle("app-save--unsafe", !safe);
    this.panel.hidden = safe;
    this.signIn.hidden = !signedOut;
  }

  /** Said only when it takes long enough to wonder: a screen reader should not hear it at every pause. */
  saving() {
    clearTimeout(this.slow);
    if (this.panel.hidden) this.slow = setTimeout(() => this.say("Saving…"), 400);
  }

  saved() {
    this.say(`Saved ${clock.format(new Date())}`);
  }

  offline() {
    this.say("Not saved - will keep trying; copy or print below", false);
  }

  signedOut() {
    this.say("Not saved - you are signed out. Your words are still here; sign in and they will be saved", false, true);
  }

  unresolved(count) {
    this.say(count === 1 ? "One field was changed by somebody else. Choose below which to keep" : `${count} fields were changed by somebody else. Choose below which to keep`);
    this.box.classList.add("app-save--unsafe");
  }

  refused() {
    this.say("Some of this cannot be saved. See the messages below", false);
  }

  async copy() {
    const text = this.asText();
    try {
      await navigator.clipboard.writeText(text);
      this.line.textContent = "Copied. Paste it somewhere safe; it is still not saved here";
    } catch {
      // Without leave to use the clipboard the text is shown, selected, for the person to copy.
      const area = Object.assign(document.createElement("textarea"), { className: "govuk-textarea", value: text, rows: 8, readOnly: true });
      area.setAttribute("aria-label", "What you typed");
      this.panel.after(area);
      area.focus();
      area.select();
    }
  }
}
