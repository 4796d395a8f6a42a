import { fill } from "./dom.js";

const BATCH_MS = 600; // a burst is one announcement
const MAX_SPOKEN = 3; // more at once: only how many
const MAX_CHARS = 200;

/** Speaks new lines through a polite live region. It never sees history. */
export class Announcer {
  #lines = [];
  #more = 0; // new ones that nobody has shown us
  #timer = null;

  constructor(region, words) {
    this.region = region;
    this.words = words;
  }

  say(name, message) {
    const text = message.querySelector(".message__body").textContent.trim().slice(0, MAX_CHARS);
    this.#lines.push(fill(this.words.announce, { name, text }));
    this.#soon();
  }

  /** Say how many are new, of which not every one is shown. */
  sayMany(count) {
    this.#more += count;
    this.#soon();
  }

  end() {
    clearTimeout(this.#timer);
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#speak(), BATCH_MS);
  }

  #speak() {
    const number = this.#lines.length + this.#more;
    const many = fill(this.words.announceMany, { number });
    this.region.textContent = number > MAX_SPOKEN || this.#more ? many : this.#lines.join("\n");
    this.#lines = [];
    this.#more = 0;
    this.#timer = null;
  }
}
