const PATIENCE_MS = 40_000; // an ack, a request and a pause: who takes longer than this sleeps

/**
 * `exclusively(name, work)` for the tabs of one browser: `work` runs in one of them at a time. A tab that is closed or
 * crashes lets go at once. Where it cannot be had in time, `work` runs all the same: the server takes a message twice
 * for one; this only spares it the second. Where a page has no Web Locks: lease.js.
 */
export function withLocks(locks, prefix) {
  return async (name, work) => {
    let began = false;
    const begin = () => { began = true; return work(); };
    try {
      await locks.request(`${prefix}${name}`, { signal: abortedAfter(PATIENCE_MS) }, begin);
    } catch (error) {
      if (began) throw error;
      await begin();
    }
  };
}

/** A signal; browsers that have locks, and not yet a signal for this, are some years old. */
function abortedAfter(ms) {
  if (AbortSignal.timeout) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}
