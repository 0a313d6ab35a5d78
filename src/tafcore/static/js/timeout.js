// A warning before the session ends, and what to do after it has. The page and its words stay either way.

const WARNING = 120; // seconds before the end

export function startTimeout() {
  const dialog = document.querySelector("[data-timeout]");
  const length = Number(document.body.dataset.sessionSeconds);
  if (!dialog || !length) return;
  const words = dialog.querySelector("[data-timeout-words]");
  const stay = dialog.querySelector("[data-timeout-stay]");
  const signIn = dialog.querySelector("[data-timeout-sign-in]");
  const title = dialog.querySelector("h2");
  const first = { title: title.textContent, words: words.textContent };
  let heard = Date.now();
  let timer;

  function show() {
    // A blanked screen stays blank; the warning waits beneath it.
    if (!dialog.open && !document.documentElement.classList.contains("app-blanked")) dialog.showModal();
  }

  function check() {
    const left = length - (Date.now() - heard) / 1000;
    if (left <= 0) {
      title.textContent = "You are signed out";
      words.textContent = "What you typed is still on this page. Sign in in a new tab, come back here, and carry on.";
      stay.textContent = "I have signed in";
      signIn.hidden = false;
      show();
    } else if (left <= WARNING) {
      const minutes = Math.ceil(left / 60);
      const soon = `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
      if (title.textContent !== soon) title.textContent = soon;
      show();
    }
    timer = setTimeout(check, left <= 0 ? 60000 : left <= WARNING ? 5000 : (left - WARNING) * 1000);
  }

  function restart() {
    heard = Date.now();
    title.textContent = first.title;
    words.textContent = first.words;
    stay.textContent = "Stay signed in";
    signIn.hidden = true;
    if (dialog.open) dialog.close();
    clearTimeout(timer);
    check();
  }

  stay.addEventListener("click", async () => {
    try {
      const answer = await fetch(document.body.dataset.sessionUrl, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      if (answer.ok) return restart();
    } catch {
      words.textContent = "There is no connection. What you typed is still on this page; try again in a moment.";
      return;
    }
    heard = 0;
    clearTimeout(timer);
    check();
  });
  // Autosave keeps the session alive: any answer from the server starts the clock again.
  document.addEventListener("tafcore:heard", restart);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) check();
  });
  check();
}
