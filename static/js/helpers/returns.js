import { Absence, watchSleep } from "../room/absence.js";
import { sharedWatch } from "../room/shared_watch.js";
import { listen } from "./dom.js";

/**
 * Hear that the reader is back at the page, or the network, or the machine from its sleep: `handler({isDoubtful})`, which
 * says that a connection that looks alive may be dead. Returns what ends it. (behaviour 46, 47)
 */
export const onReturn = sharedWatch(watchReturns);

function watchReturns(tell) {
  const absence = new Absence(Date.now);
  const leave = () => absence.begin();
  const come = () => tell({ isDoubtful: absence.end() });
  const doubt = () => tell({ isDoubtful: true });
  listen(window, "online", doubt);
  // Every page is shown once as it loads; only one that comes back from the browser's cache has lost its connection.
  listen(window, "pageshow", (event) => { if (event.persisted) doubt(); });
  listen(window, "blur", leave);
  listen(window, "focus", come);
  listen(document, "visibilitychange", () => (document.visibilityState === "visible" ? come() : leave()));
  watchSleep(doubt);
}
