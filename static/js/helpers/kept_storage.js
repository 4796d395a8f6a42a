/** Where texts outlive the page, or null: a browser may have none, or forbid it. The other kind is the tab's alone. */
export function keptStorage(kind = "localStorage") {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
