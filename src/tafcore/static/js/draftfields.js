// A form's fields as a draft knows them: one key, one text value.

const untouched = new Set(["button", "submit", "reset", "image", "file", "password"]);

function kept(control) {
  return (
    control.name &&
    !control.name.startsWith("_") &&
    control.name !== "csrf_token" &&
    !untouched.has(control.type) &&
    !control.closest("[data-no-draft]")
  );
}

/** The draft's name for a control: its own name, or with the row's lasting key in place of its place in the list. */
export function keyOf(control) {
  if (control.dataset.field) return control.dataset.field;
  const row = control.closest("[data-row-key]");
  if (!row?.dataset.rowKey || !control.name.startsWith(`${row.dataset.row}-`)) return control.name;
  const list = row.dataset.row.replace(/-\d+$/, "");
  return `${list}-${row.dataset.rowKey}${control.name.slice(row.dataset.row.length)}`;
}

/** Every control of `scope` that belongs to the draft, by key. */
export function controlsByKey(scope) {
  const found = new Map();
  for (const control of scope.querySelectorAll("input, textarea, select")) {
    if (!kept(control)) continue;
    const key = keyOf(control);
    found.set(key, [...(found.get(key) || []), control]);
  }
  return found;
}

/** Radios give the chosen value, check boxes and lists their values one to a line, the rest their text. */
export function valueOf(controls) {
  const [first] = controls;
  if (first.type === "radio" || first.type === "checkbox") {
    return controls.filter((control) => control.checked).map((control) => control.value).join("\n");
  }
  if (first.multiple && first.selectedOptions) return [...first.selectedOptions].map((option) => option.value).join("\n");
  return first.value;
}

export function setValue(controls, value) {
  const values = value.split("\n");
  for (const control of controls) {
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.multiple && control.options) for (const option of control.options) option.selected = values.includes(option.value);
    else control.value = value;
  }
  // Not the draft's own change: only what listens for `change` (conditional questions) should hear of it.
  controls[0].dispatchEvent(new CustomEvent("tafcore:set", { bubbles: true }));
}

const words = (element) => element?.textContent.trim().replace(/\s+/g, " ") || "";

/** What the page calls the field. */
export function labelOf(control) {
  const legend = words(control.closest("fieldset")?.querySelector("legend"));
  if (control.type === "radio") return legend || control.name;
  const label = words(control.labels?.[0]);
  return control.type === "checkbox" && legend ? `${legend}: ${label}` : label || control.name;
}

/** A value as a reader would say it: the words of the choice, not its code. */
export function saidAs(controls, value) {
  const [first] = controls;
  if (first.options) return [...first.options].find((option) => option.value === value)?.text || value;
  if (first.type !== "radio" && first.type !== "checkbox") return value;
  const chosen = controls.filter((control) => value.split("\n").includes(control.value) && control.value);
  return chosen.map((control) => words(control.labels?.[0])).join(", ");
}
