import { saidTime } from "../page.js";
import { ServerClock } from "../room/server_clock.js";

const clock = new ServerClock();
clock.heard(saidTime());

/** What time it is by the clock that says when messages were said: today is what it is there. (behaviour 32) */
export function serverNow() {
  return clock.now();
}

/** An answer has come, and may say what time it is. */
export function hearServerTime({ headers }) {
  clock.answered(headers);
}
