import { Kept } from "./kept.js";

/**
 * What one person has written in this browser and is not known to be stored by the server, of all rooms and tabs.
 * Another person at the same browser has another store, and sees nothing of it.
 */
export class OutboxStore {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:outbox:${userId}:`);
  }

  /** All of them, in the order written. */
  entries() {
    const entries = this.kept.ids().map((id) => this.get(id)).filter(Boolean);
    return entries.sort((one, other) => one.at - other.at || (one.clientId < other.clientId ? -1 : 1));
  }

  get(clientId) {
    return entryOrNull(this.kept.get(clientId));
  }

  /** Keep it, before this returns. Returns whether it outlives the page. */
  put(entry) {
    return this.kept.put(entry.clientId, entry);
  }

  remove(clientId) {
    this.kept.remove(clientId);
  }

  isKept(clientId) {
    return this.kept.isKept(clientId);
  }

  /** Those that go out as soon as it is their turn, in this room or in any. */
  queued(roomId = null) {
    return this.entries().filter((entry) => entry.state === "queued" && (roomId === null || entry.roomId === roomId));
  }

  /** Those that somebody would miss: not what its writer has let go. */
  unsent() {
    return this.entries().filter((entry) => !entry.isDiscarded);
  }

  /** What its writer has let go, and the server may have. */
  discarded() {
    return this.entries().filter((entry) => entry.isDiscarded && entry.isTried);
  }

  /** A time later than that of all others: a clock that was set back must not change the order. */
  nextTime(now) {
    return Math.max(now, ...this.entries().map((entry) => entry.at + 1));
  }

  /** Let all of it go. Said first, then done: other tabs must not take it for sent. */
  clear() {
    for (const entry of this.entries()) {
      this.put({ ...entry, isDiscarded: true });
      this.remove(entry.clientId);
    }
  }

  /**
   * What a change of the storage was about: `{clientId, former}`, or null when it was about something else. `former` is
   * there for a removal only: a mark that was set just before it may be heard of when both have happened.
   */
  changeIn({ key, oldValue, newValue }) {
    const clientId = this.kept.idOf(key);
    if (clientId === null) return null;
    return { clientId, former: newValue === null ? entryOrNull(this.kept.read(oldValue)) : null };
  }
}

function entryOrNull(record) {
  const isEntry = typeof record?.clientId === "string" && Number.isInteger(record.roomId) && typeof record.body === "string";
  return isEntry ? record : null;
}
