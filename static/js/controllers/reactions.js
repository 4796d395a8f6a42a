import { ask, listen, slot, tell } from "../helpers/dom.js";
import { focusLine } from "../helpers/line.js";

const MARGIN_PX = 8; // between the dialog and the window's edge

/**
 * Reacting with an emoji: those under the messages, which add or take away one's own, and the dialog with others. Hears
 * `message:react-asked {line}`, asks `message:react {messageId, emoji, isMine}`, and tells `message:refused {sentence}`
 * where one was pressed in vain.
 */
export function mount(dialog) {
  const room = dialog.closest('[data-controller="room"]');
  const log = room.querySelector('[data-controller="message-list"]');
  const reactions = new Reactions(dialog);
  const ends = [
    listen(room, "message:react-asked", (event) => reactions.askFor(event.detail.line)),
    listen(log, "click", (event) => reactions.pressed(event)),
    listen(dialog, "click", (event) => reactions.clicked(event)),
    listen(dialog, "close", () => reactions.closed()),
    listen(slot(dialog, "choose"), "click", () => reactions.chooseTyped()),
    listen(slot(dialog, "emoji"), "keydown", (event) => reactions.key(event)),
  ];
  return () => { ends.forEach((end) => end()); dialog.close(); };
}

class Reactions {
  #line = null;

  constructor(dialog) {
    this.dialog = dialog;
    this.box = slot(dialog, "emoji");
  }

  askFor(line) {
    this.#line = line;
    this.box.value = "";
    this.#complain("");
    this.dialog.showModal();
    this.#place(line.getBoundingClientRect());
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
      tell(line, "message:refused", { sentence: this.#reason(error) });
    }
  }

  clicked(event) {
    const emoji = event.target.closest(".reaction-picker__button")?.value;
    if (emoji) this.#choose(emoji);
    else if (event.target === this.dialog && this.#isBeside(event)) this.dialog.close();
  }

  key(event) {
    // Neither while composing, nor the key that ended it: in Safari only 229 tells. (behaviour 2)
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!event.repeat) this.chooseTyped();
  }

  chooseTyped() {
    if (this.box.value.trim()) this.#choose(this.box.value);
    else this.box.focus();
  }

  /** The button that asked went with the focus; its message is there. */
  closed() {
    if (this.#line) focusLine(this.#line);
    this.#line = null;
  }

  async #choose(emoji) {
    try {
      await this.#react(this.#line, emoji, false);
      this.dialog.close();
    } catch (error) {
      this.#complain(this.#reason(error));
    }
  }

  #react(line, emoji, isMine) {
    return ask(this.dialog, "message:react", { messageId: Number(line.dataset.messageId), emoji, isMine });
  }

  #complain(sentence) {
    slot(this.dialog, "error").textContent = sentence;
    this.box.setAttribute("aria-invalid", String(sentence !== ""));
  }

  #reason(error) {
    return error.sentence || this.dialog.dataset.failed;
  }

  /** At the message's end, where its buttons stand, and wholly in the window. */
  #place({ top, right }) {
    const lowest = innerHeight - this.dialog.offsetHeight - MARGIN_PX;
    const rightmost = innerWidth - this.dialog.offsetWidth - MARGIN_PX;
    this.dialog.style.setProperty("--picker-top", `${Math.max(MARGIN_PX, Math.min(top, lowest))}px`);
    this.dialog.style.setProperty("--picker-end", `${Math.max(MARGIN_PX, Math.min(innerWidth - right, rightmost))}px`);
  }

  #isBeside({ clientX, clientY }) {
    const { left, right, top, bottom } = this.dialog.getBoundingClientRect();
    return clientX < left || clientX > right || clientY < top || clientY > bottom;
  }
}
