import { ask, listen, tell } from "../helpers/dom.js";
import { focusLine } from "../helpers/line.js";

/**
 * Reacting with an emoji: those under the messages, which add or take away one's own, and others by the picker. The element
 * is the form that those under the messages belong to. Hears `message:react-asked {line}`, asks
 * `message:react {messageId, emoji, isMine}`, and tells `message:refused {sentence}` where one was pressed in vain.
 */
export function mount(form) {
  const room = form.closest('[data-controller="room"]');
  if (!room) return () => {}; // one message by itself: its form posts
  const reactions = new Reactions(form, room);
  const ends = [
    listen(room, "message:react-asked", (event) => reactions.askFor(event.detail.line)),
    listen(room.querySelector('[data-controller="message-list"]'), "click", (event) => reactions.pressed(event)),
  ];
  return () => ends.forEach((end) => end());
}

class Reactions {
  constructor(form, room) {
    Object.assign(this, { room, words: form.dataset });
  }

  askFor(line) {
    tell(this.room, "emoji:asked", {
      title: this.words.title,
      near: line.getBoundingClientRect(),
      choose: (emoji) => this.#react(line, emoji, false),
      closed: () => focusLine(line), // the button that asked went with the focus; its message is there
      failed: (sentence) => tell(line, "message:refused", { sentence }),
    });
  }

  /** One of the emoji under a message: without us, its form would be sent. */
  async pressed(event) {
    const chip = event.target.closest(".reaction");
    if (!chip) return;
    event.preventDefault();
    const line = chip.closest(".message");
    try {
      await this.#react(line, chip.value, chip.getAttribute("aria-pressed") === "true");
    } catch (error) {
      tell(line, "message:refused", { sentence: error.sentence || this.words.failed });
    }
  }

  #react(line, emoji, isMine) {
    return ask(this.room, "message:react", { messageId: Number(line.dataset.messageId), emoji, isMine });
  }
}
