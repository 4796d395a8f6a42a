import { delay as wait } from "./delay.js";

const SLOW_DOWN = "slow_down";
const PATIENCE_MS = 10_000; // in all; then whoever asked decides, as when no ack comes

/**
 * What `ask()` resolves to. Refused for coming too fast, and for nothing else, it is asked again when the server said,
 * as long as that is soon: nothing looks failed that only has to wait. Rejects with the last refusal.
 */
export async function patiently(ask, { delay = wait } = {}) {
  for (let left = PATIENCE_MS; ;) {
    try {
      return await ask();
    } catch (error) {
      const ms = error.retryAfter * 1000;
      if (error.code !== SLOW_DOWN || !(ms > 0 && ms <= left)) throw error;
      left -= ms;
      await delay(ms);
    }
  }
}
