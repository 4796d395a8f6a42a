import { me } from "../page.js";
import { Edits } from "../room/edits.js";
import { listen, slot } from "./dom.js";
import { keptStorage } from "./kept_storage.js";

/**
 * Edits of a room's messages that were begun and not saved: each is opened again (`open(line, edit)`) as soon as its line
 * stands in the log. Where that is in a page of the past, a line above the box one writes in leads to it.
 */
export class KeptEdits {
  constructor(room, log, open) {
    Object.assign(this, { log, open, place: slot(room, "kept-edit") });
    this.edits = new Edits(keptStorage(), me());
    this.roomId = Number(room.dataset.roomId);
    this.waiting = this.edits.of(this.roomId);
  }

  /** What ends it stands in the list. */
  listen() {
    const observer = new MutationObserver(() => this.look());
    observer.observe(slot(this.log, "messages"), { childList: true });
    const stillWaits = ({ messageId }) => this.edits.get(this.roomId, messageId) !== null;
    const lookAgain = () => { this.waiting = this.waiting.filter(stillWaits); this.look(); };
    this.look();
    return [() => observer.disconnect(), listen(window, "storage", lookAgain)]; // another tab may end one
  }

  look() {
    if (this.waiting.length === 0 && this.place.hidden) return;
    this.waiting = this.waiting.filter((edit) => !this.#opened(edit));
    const next = this.waiting.at(-1);
    this.place.hidden = next === undefined;
    if (next) this.place.querySelector("a").href = `${this.log.dataset.messagesUrl}/${next.number}`;
  }

  #opened(edit) {
    const line = this.log.querySelector(`[data-slot=messages] > [data-message-id="${edit.messageId}"]`);
    if (!line) return false;
    if (!line.querySelector(".edit-box")) this.open(line, edit);
    return true;
  }
}
