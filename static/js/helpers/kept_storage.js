/** Where texts outlive the page, or null: a browser may have none, or forbid it. */
export function keptStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
