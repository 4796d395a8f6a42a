import { fill, setText, slot } from "./dom.js";
import { hasFocus } from "./focus.js";

/** The button that leads to the newest line: it says how many are new there, or else that there are newer ones. The log
 * keeps the number (`words.unread`) for who leaves the room and comes back to it. Going, it gives its focus to `heir()`. */
export class JumpButton {
  #unseen = 0;
  #counted = 0; // the newest number that is among the unseen
  #hasNewer = false;

  constructor(button, words, heir) {
    Object.assign(this, { button, words, heir });
  }

  /** A message is new below; an edit of one that is counted is not. */
  count(number) {
    if (number <= this.#counted) return;
    this.#counted = number;
    this.show(this.#unseen + 1);
  }

  /** So many came at once, up to this number; unless one sees them. */
  countMany(count, { newest, isSeen }) {
    if (!isSeen) this.show(Math.max(this.#unseen, count));
    this.#counted = newest;
  }

  /** Whether there are newer ones than the log holds. */
  settle(hasNewer) {
    this.#hasNewer = hasNewer;
    this.#draw();
  }

  show(count) {
    this.#unseen = count;
    this.words.unread = String(count);
    this.#draw();
  }

  #draw() {
    const count = this.#unseen;
    const isOver = count === 0 && !this.#hasNewer;
    if (isOver && hasFocus(this.button)) this.heir();
    this.button.hidden = isOver;
    setText(slot(this.button, "jump-words"), count > 0 ? fill(this.words.new, { number: count }) : this.words.newest);
  }
}
