import { DOWN, UP } from "../events.js";
import { TypingSignal } from "../room/typing_signal.js";
import { Typists } from "../room/typists.js";
import { isConnected, on, onDisconnect, requestOnce } from "../socket.js";
import { fill, fillCount, listen, slot } from "./dom.js";

const BOX = ".composer textarea"; // comes and goes with the right to write

/** Tells the others in a room that one is typing there, and shows who else is. `me` is the reader's id. */
export class Typing {
  constructor(element, me) {
    this.element = element;
    this.roomId = Number(element.dataset.roomId);
    this.line = slot(element, "typing");
    this.typists = new Typists({ me, changed: (people) => { this.line.textContent = this.#words(people); } });
    this.signal = new TypingSignal({ send: (isTyping) => this.#send(isTyping), now: () => performance.now() });
  }

  listen() {
    return [
      on(DOWN.TYPING_CHANGED, (payload) => { if (payload.room_id === this.roomId) this.typists.told(payload.people); }),
      on(DOWN.MESSAGE_POSTED, (message) => { if (message.room_id === this.roomId) this.typists.ended(message.author.id); }),
      onDisconnect(() => { this.typists.clear(); this.signal.forget(); }),
      listen(this.element, "input", ({ target }) => target.matches(BOX) && this.signal.changed(target.value)),
      listen(this.element, "focusout", ({ target }) => target.matches(BOX) && this.signal.stop()),
      listen(this.element, "composer:send", () => this.signal.stop()),
      () => { this.signal.stop(); this.typists.clear(); },
    ];
  }

  /** Not while the socket is away: what waited would tell of a time that is over. */
  #send(isTyping) {
    if (!isConnected()) return false;
    // Refused, or lost: the box says why one cannot write, and the lease ends.
    requestOnce(isTyping ? UP.TYPING_START : UP.TYPING_STOP, { room_id: this.roomId }).catch(() => {});
    return true;
  }

  #words(people) {
    const [first, second, ...others] = people.map(({ name }) => `\u2068${name}\u2069`); // isolated: it may run right to left
    const words = this.line.dataset;
    if (others.length > 0) return fill(fillCount(words, "more", others.length), { first, second });
    if (second) return fill(words.two, { first, second });
    return first ? fill(words.one, { name: first }) : "";
  }
}
