import { fill } from "./dom.js";
import { wordsOf } from "./line.js";

const BATCH_MS = 600; // a burst is one announcement
const MAX_SPOKEN = 3; // more at once: only how many
const MAX_CHARS = 200;
const EMPTY_MS = 10_000; // read out by then; a text that stayed would outlive its message's deletion

/** Speaks new lines through a polite live region. What was said before one came is history, and never spoken. */
export class Announcer {
  #lines = []; // {id, words}
  #spoken = []; // the same, as they stand in the region
  #emptying = null;
  #more = 0; // new ones that nobody has shown us
  #timer = null;
  #enteredAt = null; // the newest number then

  constructor(region, words) {
    this.region = region;
    this.words = words;
  }

  /** One is in the room, whose newest message had this number: also when a connection comes again, once. */
  entered(number) {
    this.#enteredAt ??= number;
  }

  say(name, line) {
    if (Number(line.dataset.number) <= this.#enteredAt) return;
    const text = wordsOf(line).slice(0, MAX_CHARS);
    this.#lines.push({ id: Number(line.dataset.messageId), words: fill(this.words.announce, { name, text }) });
    this.#soon();
  }

  /** A message was deleted: it is spoken no more, nor found here. */
  forget(id) {
    this.#lines = this.#lines.filter((line) => line.id !== id);
    if (this.#spoken.some((line) => line.id === id)) this.#empty();
  }

  /** Say how many are new after `last` up to `newest`, of which not every one is shown. */
  sayMany(last, newest) {
    const count = newest - Math.max(last, this.#enteredAt);
    if (count <= 0) return;
    this.#more += count;
    this.#soon();
  }

  end() {
    clearTimeout(this.#timer);
    this.#empty();
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#speak(), BATCH_MS);
  }

  #speak() {
    const number = this.#lines.length + this.#more;
    if (number > MAX_SPOKEN || this.#more) this.#show([], fill(this.words.announceMany, { number }));
    else this.#show(this.#lines, this.#lines.map((line) => line.words).join("\n"));
    this.#lines = [];
    this.#more = 0;
    this.#timer = null;
  }

  #show(spoken, words) {
    this.#empty();
    this.#spoken = spoken;
    this.region.textContent = words;
    if (spoken.length > 0) this.#emptying = setTimeout(() => this.#empty(), EMPTY_MS);
  }

  #empty() {
    clearTimeout(this.#emptying);
    this.#spoken = [];
    this.region.textContent = "";
  }
}
