// GOV.UK Frontend with one change: a radio may not carry aria-expanded (ARIA allows it on check boxes, not on radios).
import { initAll, Radios } from "../vendor/govuk-frontend.min.js";

const sync = Radios.prototype.syncConditionalRevealWithInputState;
Radios.prototype.syncConditionalRevealWithInputState = function (input) {
  sync.call(this, input);
  input.removeAttribute("aria-expanded");
};

export { initAll };
