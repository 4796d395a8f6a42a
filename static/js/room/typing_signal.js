const AGAIN_MS = 3000; // behaviour 13: while somebody types on; the server lets it end after 5 s

/** Tells that one is typing: at most so often, and once that it is over. `send(isTyping)` is handed in; it returns
 * false when it could not be sent, and nothing waits. So is `now()`, in ms. */
export class TypingSignal {
  #sentAt = -Infinity;
  #isTyping = false;

  constructor({ send, now }) {
    Object.assign(this, { send, now });
  }

  /** The text in the box has changed. */
  changed(text) {
    if (text.trim() === "") return this.stop();
    if (this.now() - this.#sentAt < AGAIN_MS || !this.send(true)) return;
    this.#sentAt = this.now();
    this.#isTyping = true;
  }

  /** It was sent, or is written on no longer. */
  stop() {
    if (this.#isTyping) this.send(false);
    this.forget();
  }

  /** The connection that it was told by has gone: the next change is told anew. */
  forget() {
    this.#isTyping = false;
    this.#sentAt = -Infinity;
  }
}
