import { tell } from "./dom.js";

const ACTS = ["wheel", "touchmove", "pointerdown", "keydown", "composer:send"]; // and no scroll: the page itself scrolls too

/**
 * Change the log by `work(isWanted)`, which takes time, unless its reader does something first. Resolves to whether
 * nothing was done, as soon as that is known. Meanwhile the log is busy, and nothing in it is read; it hears
 * `log:settled` then.
 */
export async function unlessActing(log, work) {
  const watch = new AbortController();
  const { signal } = watch;
  log.setAttribute("aria-busy", "true");
  await Promise.race([acting(watch), work(() => !signal.aborted).catch(() => {})]);
  const isUndisturbed = !signal.aborted;
  watch.abort();
  log.removeAttribute("aria-busy");
  tell(log, "log:settled");
  return isUndisturbed;
}

/** Resolves when the reader does something; that ends the `watch`. */
export function acting(watch = new AbortController()) {
  const { signal } = watch;
  for (const name of ACTS) document.addEventListener(name, () => watch.abort(), { capture: true, passive: true, signal });
  return new Promise((resolve) => { signal.onabort = resolve; });
}
