import { delay as wait } from "./delay.js";

const LONG_MS = 60_000; // after this a connection may be dead and look alive (behaviour 47)
const LOOK_MS = 10_000;

/** How long nobody looked at the page. `now()` is handed in. */
export class Absence {
  #since = null;

  constructor(now) {
    this.now = now;
  }

  begin() {
    this.#since ??= this.now();
  }

  /** It is over. Returns whether it was a long one. */
  end() {
    const isLong = this.#since !== null && this.now() - this.#since > LONG_MS;
    this.#since = null;
    return isLong;
  }
}

/** Call `woke` when the machine has slept: a clock that went on while nothing ran. Returns what ends the watching. */
export function watchSleep(woke, { now = Date.now, delay = wait } = {}) {
  let told = woke;
  watch();
  return () => { told = woke = null; }; // let go of at once: the wait would hold all that hears of it

  async function watch() {
    while (told) {
      const before = now();
      await delay(LOOK_MS);
      if (now() - before > LOOK_MS + LONG_MS) told?.();
    }
  }
}
