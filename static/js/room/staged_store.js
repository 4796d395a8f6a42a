import { Kept } from "./kept.js";

/**
 * Which files have come for the message that one writes in a room, so that they stand there again after a reload. For
 * one tab: two that had the same files would both send them. No name of any: the server says it to whose they are.
 */
export class StagedStore {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:staged:${userId}:`);
  }

  /** `[{id, alt}]` with the ids under which they were brought, in their order. */
  get(roomId) {
    const found = this.kept.get(String(roomId));
    return Array.isArray(found) ? found.filter((each) => typeof each?.id === "string") : [];
  }

  put(roomId, staged) {
    if (staged.length) this.kept.put(String(roomId), staged);
    else this.kept.remove(String(roomId));
  }
}
