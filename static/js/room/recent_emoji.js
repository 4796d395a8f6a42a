import { Kept } from "./kept.js";

const KEPT = 24;
const LIST = "recent";

/** The emoji that one person chose last at this browser, the newest first. */
export class RecentEmoji {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:emoji:${userId}:`);
  }

  /** Each of them once. */
  get all() {
    const chosen = this.kept.get(LIST);
    return Array.isArray(chosen) ? chosen.filter((each) => typeof each === "string") : [];
  }

  /** This one was chosen. */
  choose(emoji) {
    this.kept.put(LIST, [emoji, ...this.all.filter((each) => each !== emoji)].slice(0, KEPT));
  }

  clear() {
    this.kept.remove(LIST);
  }
}
