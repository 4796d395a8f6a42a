import { ReadPointer } from "../room/read_pointer.js";
import { listen, slot, tell } from "./dom.js";
import { postForm } from "./http.js";

const A_MOMENT_MS = 500; // a line that flits by while one looks for another tab is not read (behaviour 29)
const NEARLY_PX = 4; // the log's end may lie between two pixels
const MOVES = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);

/**
 * Tells the server how far one has read: up to the newest line, once that was on screen for a moment in a tab that is
 * visible and has the focus. What was marked unread stays so until its reader does something here again: scrolls,
 * writes, or comes back to the window. Otherwise the page that lies open would read it at once. Over HTTP, so that it
 * also arrives while the socket is away.
 */
export class Reading {
  #isMarked = false;

  constructor(element, log) {
    this.element = element;
    this.log = log;
    const { lastReadNumber, generation } = element.dataset;
    this.pointer = new ReadPointer((fields) => postForm(element.dataset.readUrl, fields)); // comes with the joining
    this.pointer.stands({ last_read_number: Number(lastReadNumber), generation: Number(generation) });
  }

  listen() {
    const look = () => this.look();
    look(); // where no socket connects, nothing else may ever happen here
    const act = () => this.#act();
    return [
      listen(window, "focus", act),
      listen(document, "visibilitychange", look),
      listen(this.log, "scroll", look, { passive: true }),
      listen(this.log, "log:settled", look),
      listen(this.log, "wheel", act, { passive: true }),
      listen(this.log, "touchmove", act, { passive: true }),
      listen(this.log, "keydown", (event) => !event.target.closest("textarea") && MOVES.has(event.key) && act()),
      listen(this.element, "composer:send", () => setTimeout(act)), // what is sent is shown before the log is measured
      () => clearTimeout(this.timer),
    ];
  }

  /** How it stands, as the room's element has it. */
  stands() {
    return { lastReadNumber: this.pointer.number, generation: this.pointer.generation };
  }

  /** Here, in another tab or on another device it was read, or marked unread. */
  told(reading) {
    if (!this.pointer.stands(reading)) return;
    this.#isMarked = true;
    tell(this.log, "log:marked", { number: reading.last_read_number + 1 });
  }

  /** Look whether the newest line is being read. */
  look() {
    if (!this.#isRead()) return this.#stop();
    this.timer ??= setTimeout(() => this.#read(), A_MOMENT_MS);
  }

  async #read() {
    this.#stop();
    if (this.#isRead() && (await this.pointer.read(Number(this.log.dataset.lastNumber)))) this.#isMarked = true;
  }

  #act() {
    this.#isMarked = false;
    this.look();
  }

  #stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  #isRead() {
    const isLooking = document.visibilityState === "visible" && document.hasFocus();
    return isLooking && !this.#isMarked && Boolean(this.element.dataset.readUrl) && this.#isNewestOnScreen();
  }

  #isNewestOnScreen() {
    if (!slot(this.log, "newer").hidden || this.log.matches("[aria-busy]")) return false; // a page of the past, or about to be one
    const newest = [...this.log.querySelectorAll("[data-slot=messages] > .message")].at(-1);
    if (!newest) return false;
    const line = newest.getBoundingClientRect();
    const log = this.log.getBoundingClientRect();
    return line.bottom <= log.bottom + NEARLY_PX && line.bottom > log.top;
  }
}
