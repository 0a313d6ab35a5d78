// Before the first paint: lets styles hide what scripts will open (conditional questions, the phone's menu).
document.body.classList.add("js-enabled", "govuk-frontend-supported");
