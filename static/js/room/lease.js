import { delay as wait } from "./delay.js";

const LEASE_MS = 5000; // how long the work of a tab that crashed rests
const RENEW_MS = 1500;
const SETTLE_MS = 30; // two tabs that wrote at the same time see here who was the last
const LOOK_MS = 500;

/**
 * `exclusively(name, work)` as in one_tab.js where a page has no Web Locks: on http:// addresses of a company's own
 * network. A lease in the storage names the tab that works, and until when.
 */
export function withLease(storage, prefix, { holder, now = Date.now, delay = wait }) {
  const lease = new Lease(storage, prefix, { holder, now, delay });
  return async (name, work) => {
    if (!(await lease.get(name))) return work();
    try {
      return await work();
    } finally {
      lease.end(name);
    }
  };
}

class Lease {
  #working = new Set();

  constructor(storage, prefix, { holder, now, delay }) {
    Object.assign(this, { storage, prefix, holder, now, delay });
  }

  /** Resolves to true once it is this tab's, to false where there is no storage to agree in. */
  async get(name) {
    for (;;) {
      const left = this.#left(name);
      if (left > 0) {
        await this.delay(Math.min(left, LOOK_MS));
        continue;
      }
      if (!this.#write(name)) return false;
      await this.delay(SETTLE_MS);
      if (!this.isMine(name)) continue;
      this.#renew(name);
      return true;
    }
  }

  isMine(name) {
    return this.#read(name).holder === this.holder;
  }

  end(name) {
    this.#working.delete(name);
    if (this.isMine(name)) this.storage.removeItem(this.prefix + name);
  }

  async #renew(name) {
    this.#working.add(name);
    await this.delay(RENEW_MS);
    while (this.#working.has(name) && this.isMine(name)) {
      this.#write(name);
      await this.delay(RENEW_MS);
    }
  }

  /** How long somebody else's still runs. One from a time to come is of a clock that was set back. */
  #left(name) {
    const { holder, until } = this.#read(name);
    const left = until - this.now();
    return holder === this.holder || !(left <= LEASE_MS) ? 0 : left;
  }

  #read(name) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name)) ?? {};
    } catch {
      return {};
    }
  }

  #write(name) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify({ holder: this.holder, until: this.now() + LEASE_MS }));
      return true;
    } catch {
      return false;
    }
  }
}
