import { watchDay } from "../room/midnight.js";
import { serverNow } from "./server_time.js";
import { sharedWatch } from "../room/shared_watch.js";

/** Hear that days and times are to be told otherwise: another day has begun for the reader, or they chose another clock
 * (helpers/preferences.js). Returns what ends it. (behaviours 32 and 33) */
export const onNewTimes = sharedWatch((tell) => {
  watchDay(tell, { now: serverNow });
  document.addEventListener("clock:chosen", tell);
});
