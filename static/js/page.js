// What the server says about the page as a whole.

export const locale = document.documentElement.lang || "en";

/** The token that every POST by a script carries as X-CSRFToken. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}
