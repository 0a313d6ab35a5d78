// Rows added and removed without a round trip. Indices come from the clock, so that two people never make the same one.
import { initAll } from "./govuk.js";
import { startAutocomplete } from "./autocomplete.js";

/** Digits alone (WTForms wants an index), in order of making, and different in every browser. */
function newIndex() {
  const chance = crypto.getRandomValues(new Uint16Array(1))[0] % 1000;
  return `${Date.now()}${String(chance).padStart(3, "0")}`;
}

/** 32 hex digits: the time in milliseconds, then chance. Sorting keys sorts rows by their making. */
function newKey() {
  const chance = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0"));
  return Date.now().toString(16).padStart(12, "0") + chance.join("");
}

class Rows {
  constructor(box) {
    this.box = box;
    this.template = document.getElementById(box.dataset.rowsTemplate) || box.querySelector(":scope > template[data-row-template]");
    this.adder = box.querySelector(":scope > [data-row-add]");
    this.status = box.querySelector(":scope > [data-rows-status]");
    this.least = Number(box.dataset.rowsMin || 0);
    this.most = Number(box.dataset.rowsMax || Infinity);
    box.addEventListener("click", (event) => this.pressed(event));
    box.addEventListener("tafcore:row-wanted", (event) => this.make(event.detail.key));
    this.count();
  }

  get rows() {
    return [...this.box.querySelectorAll(":scope > [data-row]")];
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button || button.closest("[data-rows]") !== this.box) return;
    if (button === this.adder) this.add(event);
    else if (button.hasAttribute("data-row-remove")) this.remove(event, button.closest("[data-row]"));
  }

  add(event) {
    event.preventDefault();
    const row = this.make(newKey());
    this.say(`${this.name(row)} added`);
    row.dispatchEvent(new CustomEvent("tafcore:row-added", { bubbles: true }));
    (row.querySelector("input:not([type=hidden]), select, textarea") || row).focus();
  }

  /** A row in its place, by the time of its making, as the server lists them. */
  make(key) {
    const made = document.createElement("template");
    made.innerHTML = this.template.innerHTML
      .replaceAll("__list__", this.box.dataset.rows)
      .replaceAll("__row__", newIndex())
      .replaceAll("__key__", key)
      .replaceAll("__number__", this.rows.length + 1);
    const row = made.content.querySelector("[data-row]");
    const keyInput = row.querySelector("input[type=hidden][name$='-row_key']");
    if (keyInput) keyInput.value = key;
    const later = this.rows.find((one) => one.dataset.rowKey > key);
    (later || (this.template.parentElement === this.box ? this.template : this.adder)).before(row);
    initAll({ scope: row });
    startAutocomplete(row);
    startRows(row);
    this.count();
    return row;
  }

  remove(event, row) {
    event.preventDefault();
    const name = this.name(row);
    const after = row.nextElementSibling;
    row.remove();
    // Only now: while the row is in the form its old values would still be read.
    this.box.dispatchEvent(new CustomEvent("tafcore:row-removed", { bubbles: true, detail: { row } }));
    this.count();
    this.say(`${name} removed. `, () => {
      after.before(row);
      this.count();
      this.say(`${name} is back`);
      row.dispatchEvent(new CustomEvent("tafcore:row-added", { bubbles: true }));
      row.focus();
    });
  }

  name(row) {
    return row.querySelector("legend").textContent.trim().replace(/\s+/g, " ");
  }

  say(words, undo) {
    this.status.textContent = words;
    this.status.classList.toggle("govuk-visually-hidden", !undo);
    if (!undo) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "app-link-button", textContent: "Undo" });
    button.addEventListener("click", undo);
    this.status.append(button);
    button.focus();
  }

  count() {
    const { rows } = this;
    rows.forEach((row, place) => {
      for (const number of row.querySelectorAll("[data-row-number]")) {
        if (number.closest("[data-row]") === row) number.textContent = place + 1;
      }
      const remover = [...row.querySelectorAll("[data-row-remove]")].find((one) => one.closest("[data-row]") === row);
      if (remover) remover.hidden = rows.length <= this.least;
    });
    if (this.adder) this.adder.hidden = rows.length >= this.most;
  }
}

export function startRows(scope = document) {
  for (const box of scope.querySelectorAll("[data-rows]")) new Rows(box);
}
