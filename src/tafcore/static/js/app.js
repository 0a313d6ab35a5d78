// What every page starts. Each module looks for its own data attributes and does nothing without them.
import "./supported.js";
import { initAll } from "./govuk.js";
import { startAutosave } from "./autosave.js";
import { startAutocomplete } from "./autocomplete.js";
import { startBlank } from "./blank.js";
import { startMatch } from "./match.js";
import { startOnce } from "./once.js";
import { startPeople } from "./people.js";
import { startRows } from "./rows.js";
import { startTimeout } from "./timeout.js";

initAll();
startRows();
startPeople();
startAutosave();
startMatch();
startOnce();
startBlank();
startTimeout();
startAutocomplete(document);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The menu folds after what is wrong got the focus, which would leave that above the screen.
document.querySelector(".govuk-error-summary:focus")?.scrollIntoView({ block: "nearest" });
