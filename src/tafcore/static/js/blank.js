// Somebody walks past: Escape twice, or the button, and there is nothing to read; the same again and all is as it was.

const TWICE = 800; // milliseconds between the two

export function startBlank() {
  const cover = document.querySelector("[data-blank-cover]");
  if (!cover) return;
  const title = document.title;
  const plainTitle = cover.querySelector("h1").textContent;
  let last = -Infinity;

  function blank() {
    document.documentElement.classList.add("app-blanked");
    document.title = plainTitle;
    for (const open of document.querySelectorAll("dialog[open]")) if (open !== cover) open.close();
    cover.showModal();
  }

  function back() {
    cover.close();
    document.documentElement.classList.remove("app-blanked");
    document.title = title;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      if (cover.open) event.preventDefault();
      const twice = event.timeStamp - last < TWICE;
      last = twice ? -Infinity : event.timeStamp;
      if (twice && cover.open) back();
      else if (twice) blank();
    },
    true,
  );
  // The browser's own Escape would lift the cover at the first press.
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => document.documentElement.classList.contains("app-blanked") && cover.showModal());
  cover.querySelector("[data-blank-return]").addEventListener("click", back);
  for (const button of document.querySelectorAll("[data-blank]")) {
    button.hidden = false;
    button.addEventListener("click", blank);
  }
}
