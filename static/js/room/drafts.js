import { Kept } from "./kept.js";

/**
 * What one person has begun to write, by room. A draft ends as it is sent: the outbox has kept the text by then, and has
 * it until the server has stored it. `clientId` is the one of a message that was taken back to be changed, `replyTo` the
 * number of the message that is answered.
 */
export class Drafts {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:draft:${userId}:`);
  }

  /** `{body, clientId, replyTo}`; an empty one when there is none. */
  get(roomId) {
    const { body, clientId = null, replyTo = null } = this.kept.get(String(roomId)) ?? {};
    return typeof body === "string" ? { body, clientId, replyTo } : { body: "", clientId: null, replyTo: null };
  }

  /** Keep it, before this returns; a blank one ends. Returns whether it outlives the page. */
  put(roomId, { body, clientId = null, replyTo = null }) {
    if (body.trim() !== "") return this.kept.put(String(roomId), { body, clientId, replyTo });
    this.kept.remove(String(roomId));
    return true;
  }

  /** The rooms that have one. */
  rooms() {
    return this.kept.ids().map(Number).filter((roomId) => this.get(roomId).body !== "");
  }

  /** Whether a message that was taken back stands in one. */
  holds(clientId) {
    return this.rooms().some((roomId) => this.get(roomId).clientId === clientId);
  }

  clear() {
    for (const id of this.kept.ids()) this.kept.remove(id);
  }

  /** Whether a change of the storage was about this room's. */
  isOf(roomId, key) {
    return key === this.kept.prefix + roomId;
  }
}
