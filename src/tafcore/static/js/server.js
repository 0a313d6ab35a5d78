// Talking to our own server: the token, signing in again, plain failures. Nothing is kept in the browser.

/** The session has ended; sign in and try again. */
export class SignedOut extends Error {}

/** The server said no. `status` is its HTTP status, `message` what it said in words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let token = "";

export function csrfToken() {
  return token || document.querySelector("input[name=csrf_token]")?.value || "";
}

/** A fresh token goes into every form of the page, so that pressing a button works too. */
export function setCsrfToken(fresh) {
  if (!fresh) return;
  token = fresh;
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = fresh;
}

export function signInUrl() {
  return document.body.dataset.signIn || "/sign-in";
}

async function answer(response) {
  if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
  document.dispatchEvent(new CustomEvent("tafcore:heard"));
  if (response.ok) return response;
  let said = {};
  try {
    said = await response.json();
  } catch {
    // An answer that is not JSON has only its status to go by.
  }
  throw new Refused(response.status, said.errors?.[0]?.message || said.title || "");
}

export const json = { "Content-Type": "application/json", Accept: "application/json" };

/** GET `url` as JSON; throws SignedOut, Refused, or TypeError when there is no connection. */
export async function getJson(url) {
  const response = await fetch(url, { headers: json, credentials: "same-origin", redirect: "manual", cache: "no-store" });
  return (await answer(response)).json();
}

/** POST `body` as JSON. A small one (browsers allow 64 KB in all) outlives a page that is being left. */
export async function postJson(url, body) {
  const text = JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    headers: { ...json, "X-CSRFToken": csrfToken() },
    body: text,
    credentials: "same-origin",
    redirect: "manual",
    keepalive: text.length < 15000,
  });
  const said = await (await answer(response)).json();
  setCsrfToken(said.csrf);
  return said;
}

/** POST form data, hear HTML. */
export async function postForHtml(url, data, signal) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken(), Accept: "text/html", "X-Requested-With": "fetch" },
    body: data,
    credentials: "same-origin",
    redirect: "manual",
    signal,
  });
  return (await answer(response)).text();
}
