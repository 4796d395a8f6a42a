import { Kept } from "./kept.js";

/**
 * Where one person was in each room, also over a reload, for as long as the tab is there (behaviour 27). A place is
 * `{number, below}`: that message stood so many pixels below the log's upper edge; without a number one was at the end.
 * After a restore of the server numbers may mean other messages: what was kept under another `epoch` is not looked at.
 */
export class KeptPlaces {
  constructor(storage, userId, epoch) {
    this.kept = new Kept(storage, `chatapp:place:${userId}:${epoch}:`);
  }

  /** The place, or null where one was at the end, or never. */
  get(roomId) {
    const { number, below } = this.kept.get(String(roomId)) ?? {};
    return Number.isSafeInteger(number) && number > 0 && Number.isFinite(below) ? { number, below } : null;
  }

  /** Keep it, before this returns. */
  put(roomId, place) {
    const { number, below } = place ?? {};
    if (number) this.kept.put(String(roomId), { number, below });
    else this.kept.remove(String(roomId));
  }
}
