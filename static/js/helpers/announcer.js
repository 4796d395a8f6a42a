import { fill } from "./dom.js";

const BATCH_MS = 600; // a burst is one announcement
const MAX_SPOKEN = 3; // more at once: only how many
const MAX_CHARS = 200;

/** Speaks new lines through a polite live region. It never sees history. */
export class Announcer {
  #lines = [];
  #timer = null;

  constructor(region, words) {
    this.region = region;
    this.words = words;
  }

  say(name, message) {
    const text = message.querySelector(".message__body").textContent.trim().slice(0, MAX_CHARS);
    this.#lines.push(fill(this.words.announce, { name, text }));
    this.#timer ??= setTimeout(() => this.#speak(), BATCH_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }

  #speak() {
    const many = fill(this.words.announceMany, { number: this.#lines.length });
    this.region.textContent = this.#lines.length > MAX_SPOKEN ? many : this.#lines.join("\n");
    this.#lines = [];
    this.#timer = null;
  }
}
