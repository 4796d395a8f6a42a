import { ask, listen, slot } from "../helpers/dom.js";
import { focusLine, wordsOf } from "../helpers/line.js";

/** Asks before a message is deleted: its text cannot be brought back. Hears `message:delete-asked {line}`. */
export function mount(dialog) {
  const room = dialog.closest('[data-controller="room"]');
  const deletion = new Deletion(dialog);
  const ends = [
    listen(room, "message:delete-asked", (event) => deletion.askFor(event.detail.line)),
    listen(dialog, "close", () => deletion.closed()),
    listen(slot(dialog, "cancel"), "click", () => dialog.close()),
    listen(slot(dialog, "delete"), "click", () => deletion.perform()),
  ];
  return () => ends.forEach((end) => end());
}

class Deletion {
  #line = null;

  constructor(dialog) {
    this.dialog = dialog;
  }

  askFor(line) {
    this.#line = line;
    slot(this.dialog, "error").textContent = "";
    slot(this.dialog, "text").textContent = wordsOf(line);
    this.dialog.showModal();
    slot(this.dialog, "cancel").focus(); // Enter by habit deletes nothing
  }

  async perform() {
    const button = slot(this.dialog, "delete");
    button.disabled = true;
    try {
      await ask(this.dialog, "message:delete", { messageId: Number(this.#line.dataset.messageId) });
      this.dialog.close();
    } catch (error) {
      slot(this.dialog, "error").textContent = error.sentence || this.dialog.dataset.failed;
    }
    button.disabled = false;
  }

  /** The button that asked may be gone with the message's text; its line is there. */
  closed() {
    slot(this.dialog, "text").textContent = ""; // what is deleted is not to be found in the page
    if (this.#line) focusLine(this.#line);
    this.#line = null;
  }
}
