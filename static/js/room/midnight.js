import { delay as wait } from "./delay.js";

const LOOK_MS = 60_000; // a machine that slept through midnight is late by this at most

/** Call `changed` when the reader's day has changed. Returns what ends the watching. `now()` and `delay(ms)` are handed in. */
export function watchDay(changed, { now = () => new Date(), delay = wait } = {}) {
  let told = changed;
  watch(now());
  return () => { told = changed = null; }; // let go of at once: the wait would hold a whole room for a minute

  async function watch(day) {
    while (told) {
      await delay(Math.min(LOOK_MS, untilMidnight(now())));
      const today = now();
      if (today.toDateString() !== day.toDateString()) told?.();
      day = today;
    }
  }
}

function untilMidnight(now) {
  return Math.max(1, new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1) - now);
}
