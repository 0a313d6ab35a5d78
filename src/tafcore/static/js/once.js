// A form is sent once, however often the button is pressed.

export function startOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    const status = Object.assign(document.createElement("p"), { className: "govuk-body app-progress" });
    status.setAttribute("role", "status");
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      // aria-disabled, not disabled: a disabled button's name would not be sent.
      event.submitter?.setAttribute("aria-disabled", "true");
      if (form.dataset.once) {
        event.submitter?.after(status);
        status.textContent = form.dataset.once;
      }
    });
    // Back from the next page the form can be sent again.
    window.addEventListener("pageshow", () => {
      delete form.dataset.sent;
      status.remove();
      for (const button of form.querySelectorAll("button[aria-disabled=true]:not([disabled])")) button.removeAttribute("aria-disabled");
    });
  }
}
