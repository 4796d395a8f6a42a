// What the server says about the page as a whole.

const language = document.documentElement.lang || "en";

/** The reader's own kind of the page's language: in English it is 14:05 for some and 2:05 PM for others. */
export const locale = navigator.languages.find((each) => each.split("-")[0] === language) ?? language;

/** The token that every POST by a script carries as X-CSRFToken. */
export function csrfToken() {
  return csrfMeta()?.content ?? "";
}

/** Whose page this is: another tab may have signed somebody else in since. */
export function me() {
  return Number(csrfMeta()?.dataset.me) || null;
}

/** Where to ask for a fresh one. */
export function csrfTokenUrl() {
  return csrfMeta()?.dataset.url;
}

/** Use this token from now on, in the forms of the page too. */
export function renewCsrfToken(token) {
  csrfMeta().content = token;
  for (const control of document.querySelectorAll('[name="csrf_token"]')) control.value = token;
}

/** Up to which version it knows people. */
export function peopleVersion() {
  return Number(csrfMeta()?.dataset.people) || 0;
}

/** What time it was for the server when it made the page. Only one with a log says it: others tell no days. */
export function saidTime() {
  return document.querySelector(".log[data-time]")?.dataset.time;
}

/** The state of the server's database that it is of: another one after a restore. */
export function epoch() {
  return document.querySelector("[data-epoch]")?.dataset.epoch;
}

function csrfMeta() {
  return document.querySelector('meta[name="csrf-token"]');
}
