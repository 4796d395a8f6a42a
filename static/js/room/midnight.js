import { delay as wait } from "./delay.js";

const LOOK_MS = 60_000; // a machine that slept through midnight is late by this at most

/** Call `changed` when the reader's day has changed. Returns what ends the watching. `now()` and `delay(ms)` are handed in. */
export function watchDay(changed, { now = () => new Date(), delay = wait } = {}) {
  let isEnded = false;
  watch(now());
  return () => { isEnded = true; };

  async function watch(day) {
    while (!isEnded) {
      await delay(Math.min(LOOK_MS, untilMidnight(now())));
      const today = now();
      if (!isEnded && today.toDateString() !== day.toDateString()) changed();
      day = today;
    }
  }
}

function untilMidnight(now) {
  return Math.max(1, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1) - now);
}
