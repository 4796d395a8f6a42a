import { delay as wait } from "./delay.js";

const VISIBLE_MS = 3000;
const HIDDEN_MS = 30_000;
const LONGEST_MS = 60_000; // between two tries that fail

/**
 * Asks for changes again and again, for as long as no socket brings them. Knows no clock and no network: `look()`
 * resolves to why it could not be asked, or null; `told(failure)` hears each outcome; `isVisible()` and `delay(ms)`.
 */
export class ChangeTimer {
  #run = 0; // changes when it starts or stops: an older run then ends by itself
  #isRunning = false;

  constructor({ look, told, isVisible, delay = wait, random = Math.random }) {
    Object.assign(this, { look, told, isVisible, delay, random });
  }

  /** A socket may come back at once; ask only when it has not. */
  start() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#ask(VISIBLE_MS);
  }

  /** A socket brings the changes. */
  stop() {
    this.#isRunning = false;
    this.#run += 1;
  }

  /** Somebody waits for an answer: ask now, if anybody asks at all. */
  hurry() {
    if (this.#isRunning) this.#ask(0);
  }

  async #ask(ms) {
    this.#run += 1;
    const run = this.#run;
    if (ms > 0) await this.delay(ms);
    for (let failures = 0; run === this.#run;) {
      const failure = await this.look();
      if (run !== this.#run) return;
      failures = failure ? failures + 1 : 0;
      this.told(failure);
      await this.delay(this.#pause(failures));
    }
  }

  #pause(failures) {
    const ms = (this.isVisible() ? VISIBLE_MS : HIDDEN_MS) * 2 ** failures;
    return Math.min(LONGEST_MS, ms) * (0.8 + 0.4 * this.random()); // spread: many browsers lose their socket together
  }
}
