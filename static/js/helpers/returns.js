import { Absence, watchSleep } from "../room/absence.js";
import { listen } from "./dom.js";

/**
 * Hear that the reader is back at the page, or the network, or the machine from its sleep. `isDoubtful` says that a
 * connection which looks alive may be dead. Returns what ends it. (behaviour 46, 47)
 */
export function onReturn(handler) {
  const absence = new Absence(Date.now);
  const leave = () => absence.begin();
  const come = () => handler({ isDoubtful: absence.end() });
  const doubt = () => handler({ isDoubtful: true });
  const ends = [
    listen(window, "online", doubt),
    // Every page is shown once as it loads; only one that comes back from the browser's cache has lost its connection.
    listen(window, "pageshow", (event) => { if (event.persisted) doubt(); }),
    listen(window, "blur", leave),
    listen(window, "focus", come),
    listen(document, "visibilitychange", () => (document.visibilityState === "visible" ? come() : leave())),
    watchSleep(doubt),
  ];
  return () => ends.forEach((end) => end());
}
