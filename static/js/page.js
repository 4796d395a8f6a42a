// What the server says about the page as a whole.

const language = document.documentElement.lang || "en";

/** The reader's own kind of the page's language: in English it is 14:05 for some and 2:05 PM for others. */
export const locale = navigator.languages.find((each) => each.split("-")[0] === language) ?? language;

/** The token that every POST by a script carries as X-CSRFToken. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}
