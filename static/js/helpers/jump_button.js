import { fill, setText, slot } from "./dom.js";
import { hasFocus } from "./focus.js";

/** The button that leads to the newest line: it says how many are new there, or else that there are newer ones. The log
 * keeps the number (`data-unread`) for who leaves the room and comes back to it. Going, it gives its focus to `heir()`. */
export class JumpButton {
  #unseen = 0;
  #counted = 0; // the newest number that is among the unseen
  #hasNewer = false;

  constructor(button, log, heir) {
    Object.assign(this, { button, log, heir, words: log.dataset });
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
    const comes = this.button.hidden && !isOver;
    this.button.hidden = isOver;
    setText(slot(this.button, "jump-words"), count > 0 ? fill(this.words.new, { number: count }) : this.words.newest);
    if (comes) queueMicrotask(() => this.#uncover()); // after whoever now keeps the log's place
  }

  /** What has the focus must not lie under the button. */
  #uncover() {
    const { activeElement } = document;
    if (!this.log.contains(activeElement) || this.button.hidden) return;
    const [focused, button] = [activeElement, this.button].map((element) => element.getBoundingClientRect());
    if (focused.bottom > button.top && focused.top < button.bottom) activeElement.scrollIntoView({ block: "nearest" });
  }
}
