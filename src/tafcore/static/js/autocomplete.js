// A long list becomes a field to type in. Without this, or without JavaScript, it is the select it was.

export async function startAutocomplete(scope) {
  const selects = [...scope.querySelectorAll("select[data-autocomplete]")];
  if (selects.length === 0) return;
  await import("../vendor/accessible-autocomplete.min.js");
  for (const select of selects) {
    window.accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      defaultValue: select.value ? select.selectedOptions[0].text : "",
      showAllValues: true,
      confirmOnBlur: false,
      onConfirm: (words) => {
        const option = [...select.options].find((one) => one.text === words);
        if (!option) return;
        option.selected = true;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      },
    });
  }
}
