/** Let everything that can happen now happen. */
export async function quiet() {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands until told: `delay(ms)` to hand in, `tick()` to let every wait end. */
export function standingClock() {
  let waits = [];
  return {
    delay: (ms) => new Promise((resolve) => waits.push({ ms, resolve })),
    get waiting() { return waits.map((wait) => wait.ms); },
    async tick() {
      const ended = waits;
      waits = [];
      for (const wait of ended) wait.resolve();
      await quiet();
    },
  };
}

/** Random numbers that are the same on every run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
