import { Kept } from "./kept.js";

const KEPT = 20;
const LIST = "list";

/** The rooms that one person was in last at this browser, the newest first. */
export class RecentRooms {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:recent:${userId}:`);
  }

  /** Their ids. */
  get ids() {
    const ids = this.kept.get(LIST);
    return Array.isArray(ids) ? ids.filter(Number.isInteger) : [];
  }

  /** One is in this room now. */
  enter(roomId) {
    this.kept.put(LIST, [roomId, ...this.ids.filter((id) => id !== roomId)].slice(0, KEPT));
  }

  clear() {
    this.kept.remove(LIST);
  }
}
