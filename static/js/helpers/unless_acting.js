import { tell } from "./dom.js";

const ACTS = ["wheel", "touchmove", "pointerdown", "keydown", "composer:send"]; // and no scroll: the page itself scrolls too

/**
 * Change the log by `work(isWanted)`, which takes time, unless its reader does something first. Resolves to whether
 * nothing was done, as soon as that is known. Meanwhile the log is busy, and nothing in it is read; it hears
 * `log:settled` then.
 */
export async function unlessActing(log, work) {
  const act = new AbortController();
  const { signal } = act;
  const acted = new Promise((resolve) => { signal.onabort = resolve; });
  for (const name of ACTS) document.addEventListener(name, () => act.abort(), { capture: true, passive: true, signal });
  log.setAttribute("aria-busy", "true");
  await Promise.race([acted, work(() => !signal.aborted).catch(() => {})]);
  const isUndisturbed = !signal.aborted;
  act.abort();
  log.removeAttribute("aria-busy");
  tell(log, "log:settled");
  return isUndisturbed;
}
