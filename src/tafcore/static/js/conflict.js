// Somebody else changed the same field: both versions beside it, and a person chooses.
import { labelOf, saidAs } from "./draftfields.js";

function part(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function button(text, act) {
  const made = part("button", "govuk-button govuk-button--secondary app-conflict__button", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function version(title, words) {
  const box = part("div", "app-conflict__version");
  box.append(part("p", "app-conflict__title", title), part("p", "app-conflict__words app-prose", words || "(nothing)"));
  return box;
}

/** Show both beside the field. `mine` and `theirs` are values; `by` who wrote theirs. Replaces an earlier one. */
export function showConflict({ key, controls, mine, theirs, by, message, keepMine, useTheirs }) {
  clearNote(key);
  const label = labelOf(controls[0]);
  const box = part("div", "app-conflict");
  box.dataset.note = key;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Two versions of ${label}`);
  const buttons = part("div", "app-buttons");
  const choose = (act) => () => {
    const hadFocus = box.contains(document.activeElement);
    clearNote(key);
    act();
    if (hadFocus) controls[0].focus();
  };
  buttons.append(button("Keep mine", choose(keepMine)), button("Use theirs", choose(useTheirs)));
  box.append(
    part("p", "app-conflict__lead", message || "This was changed somewhere else meanwhile. Choose which to keep."),
    version("Yours", saidAs(controls, mine)),
    version(by ? `Theirs (${by})` : "Theirs", saidAs(controls, theirs)),
    buttons,
  );
  place(box, controls[0]);
}

/** What the server would not keep, said beside the field. */
export function showRefusal(key, controls, message) {
  clearNote(key);
  const note = part("p", "govuk-error-message app-refusal", message);
  note.dataset.note = key;
  place(note, controls[0]);
}

export function clearNote(key) {
  for (const note of document.querySelectorAll("[data-note]")) if (note.dataset.note === key) note.remove();
}

function place(element, control) {
  const group = control.closest(".govuk-form-group, .app-segments, .app-chips") || control;
  group.after(element);
}
