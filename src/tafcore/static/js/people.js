// Whose answer it is: the choices are the people of the form, called as they are called there just now.

function called(row) {
  const typed = (name) => row.querySelector(`[name$="-${name}"]`);
  const names = ["forename", "surname"].map((name) => typed(name)?.value.trim()).filter(Boolean);
  const role = typed("role");
  return names.join(" ") || (role?.value && role.options[role.selectedIndex].text) || row.querySelector("legend").textContent.trim().replace(/\s+/g, " ");
}

function offer(select, people) {
  const chosen = select.value;
  const kept = [...select.options].slice(1).map((option) => [option.value, option.text]);
  if (JSON.stringify(kept) === JSON.stringify(people)) return;
  select.options.length = 1;
  for (const [key, name] of people) select.add(new Option(name, key, false, key === chosen));
  // Whoever was chosen is gone: the draft must hear of it.
  if (select.value !== chosen) select.dispatchEvent(new Event("change", { bubbles: true }));
}

export function startPeople() {
  if (!document.querySelector("[data-rows] [data-people]")) return;
  const refresh = () => {
    for (const select of document.querySelectorAll("select[data-people]")) {
      const rows = document.querySelectorAll(`[data-row^="${select.dataset.people}-"]`);
      offer(select, [...rows].map((row) => [row.dataset.rowKey, called(row)]));
    }
  };
  for (const kind of ["input", "change", "tafcore:row-added", "tafcore:row-removed"]) {
    document.addEventListener(kind, (event) => {
      if (kind === "tafcore:row-added" || event.target.closest?.("[data-rows]")) refresh();
    });
  }
}
