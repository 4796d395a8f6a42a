import { copyTemplate } from "./dom.js";

const ABOVE = 1 / 3; // of the log's height: what stands before the first unread message is seen, too (behaviour 21)

/**
 * The line "New" of a log: before the first message that was unread on entering. There it stays, whatever is read or
 * comes, until one leaves, or marks something unread. (behaviour 22)
 */
export class UnreadLine {
  #number; // of the message that it stands before, also while that is in no page that is shown
  #readUpTo; // on entering
  #enteredAt = null; // the newest number then, of an empty room 0

  constructor(log, room) {
    this.log = log;
    this.element = log.querySelector("[data-slot=messages] > .unread-line") ?? copyTemplate(log, "unread").firstElementChild;
    this.#number = Number(log.dataset.unreadFrom) || null;
    this.#readUpTo = room.dataset.readUrl ? Number(room.dataset.lastReadNumber) : Infinity;
  }

  /** One is in the room, whose newest message had this number: what is not read up to there is new. */
  entered(number) {
    this.#enteredAt ??= number;
  }

  /** From this message on it was marked unread. */
  mark(number) {
    this.#number = number;
  }

  /** Stand where it belongs among `lines`. */
  settle(lines) {
    this.#number ??= numberOf(lines.find((line) => this.#isNew(line)));
    const first = this.#number && lines.find((line) => Number(line.dataset.number) === this.#number);
    if (!first) this.element.remove();
    else if (first.previousElementSibling !== this.element) first.before(this.element);
  }

  /** Bring it into sight, if there is one. */
  show() {
    if (!this.element.isConnected) return;
    const { top, height } = this.log.getBoundingClientRect();
    this.log.scrollTop += this.element.getBoundingClientRect().top - top - height * ABOVE;
  }

  end() {
    this.element.remove();
    this.log.dataset.unreadFrom = ""; // who comes back to this page has read what it spoke of
  }

  #isNew(line) {
    const number = numberOf(line);
    const isOthers = line.dataset.author !== this.log.dataset.me && !line.classList.contains("message--deleted");
    return number > this.#readUpTo && number <= this.#enteredAt && isOthers;
  }
}

function numberOf(line) {
  return line ? Number(line.dataset.number) : null;
}
