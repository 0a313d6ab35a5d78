// The hold screen: numbers of those who are here, Enter for the next line, and whose voice is still missing.

const form = document.querySelector("[data-hold]");

const ticked = (names) => names.some((name) => form.elements.namedItem(name)?.checked);

/** Somebody's number is asked for while they are here; a number already given stays in sight. */
function showThoseHere() {
  for (const box of form.querySelectorAll("[data-when]")) {
    box.hidden = !ticked(box.dataset.when.split(" ")) && !box.querySelector("input:checked:not([value=''])");
  }
}

function heard(box) {
  return Boolean(
    box.querySelector("[data-heard]") ||
      box.querySelector("input[type=radio]:checked:not([value=''])") ||
      box.querySelector("textarea")?.value.trim(),
  );
}

/** Why a child has no voice here is asked for as long as there is none. */
function showWhoIsMissing() {
  for (const box of form.querySelectorAll("[data-voice]")) {
    form.querySelector(`[data-silent="${box.dataset.voice}"]`).hidden = heard(box);
  }
}

/** Why somebody was missing is asked while they are not ticked. */
function showWhoIsAbsent() {
  const boxes = [...form.querySelectorAll("[data-absent]")];
  for (const box of boxes) box.hidden = ticked(box.dataset.absent.split(" "));
  const all = form.querySelector("[data-all-here]");
  if (all) all.hidden = boxes.some((box) => !box.hidden);
}

/** Why a goal has no action, or a need no goal, is asked until one is written. */
function showGaps() {
  for (const box of form.querySelectorAll("[data-gap]")) {
    const rows = form.querySelector(`[data-rows="${box.dataset.gap}"]`);
    box.hidden = Boolean(rows && [...rows.querySelectorAll("textarea")].some((area) => area.value.trim()));
  }
}

/** A number that a child keeps from the room leaves this screen too, whoever was told so. */
function keepFromRoom(event) {
  const box = event.target;
  if (!form.dataset.shared || !box.name?.startsWith("quiet-")) return;
  const said = box.closest(".app-say");
  said.querySelector(".app-segments").hidden = box.checked;
  said.querySelector("[data-kept]").hidden = !box.checked;
}

/** What would make a new line clearer. */
function say(event) {
  for (const [row, words] of Object.entries(event.detail)) {
    const nudge = document.getElementById(`${row}-nudge`);
    if (nudge) Object.assign(nudge, { textContent: words, hidden: !words });
  }
}

/** Enter is the next line of a list; anywhere else it must not send the whole meeting. */
function enter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const control = event.target;
  if (!control.matches("input[type=text], textarea")) return;
  const row = control.closest("[data-row]");
  if (!row) {
    if (control.matches("input")) event.preventDefault();
    return;
  }
  event.preventDefault();
  const next = row.nextElementSibling;
  if (next?.matches("[data-row]")) next.querySelector("textarea, input:not([type=hidden])").focus();
  else if (control.value.trim()) row.closest("[data-rows]").querySelector(":scope > [data-row-add]").click();
}

if (form) {
  const showWhatIsAsked = () => {
    showThoseHere();
    showWhoIsMissing();
    showWhoIsAbsent();
    showGaps();
  };
  for (const happening of ["input", "change", "tafcore:set", "tafcore:row-removed"]) {
    form.addEventListener(happening, showWhatIsAsked);
  }
  form.addEventListener("keydown", enter);
  form.addEventListener("tafcore:set", keepFromRoom);
  form.addEventListener("tafcore:said", say);
  showWhatIsAsked();
}
