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

/** A Storage in memory. `tab(hear)` is one tab's view of it: what it writes, the others hear of, if `isOpen()`. */
export function sharedStorage({ hears = () => {} } = {}) {
  const items = new Map();
  return { items, tab: (own = {}) => new TabStorage(items, (event) => hears(own, event), own) };
}

class TabStorage {
  constructor(items, tell, own) {
    Object.assign(this, { items, tell, own });
  }

  get length() { return this.items.size; }
  key(index) { return [...this.items.keys()][index] ?? null; }
  getItem(key) { return this.items.get(key) ?? null; }
  setItem(key, value) { this.#change(key, String(value)); }
  removeItem(key) { this.#change(key, null); }

  #change(key, newValue) {
    this.own.onWrite?.(key); // may throw, as a full storage does
    if (this.own.isDead) return; // a tab that has ended writes nothing
    const oldValue = this.getItem(key);
    if (newValue === null) this.items.delete(key);
    else this.items.set(key, newValue);
    if (oldValue !== newValue) this.tell({ key, oldValue, newValue });
  }
}

/** Web Locks as far as we use them: one holder at a time, first come first served. */
export function fakeLocks() {
  const tails = new Map();
  return {
    request(name, { signal }, work) {
      let begin;
      const begun = new Promise((resolve) => { begin = resolve; });
      const isOver = new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      // As the browser's: once the lock was given, the signal stops nothing.
      const turn = (tails.get(name) ?? Promise.resolve()).then(() => { begin(); return signal.aborted ? null : work(); });
      tails.set(name, turn.catch(() => {}));
      return Promise.race([begun, isOver]).then(() => turn);
    },
  };
}
