import { leaveMenu } from "../helpers/dialogs.js";
import { fillCount, listen, slot, tell } from "../helpers/dom.js";
import { keptStorage } from "../helpers/kept_storage.js";
import { pageOutbox } from "../helpers/unsent.js";
import { me } from "../page.js";
import { Drafts } from "../room/drafts.js";
import { delay } from "../room/delay.js";
import { Edits } from "../room/edits.js";
import { OutboxStore } from "../room/outbox_store.js";
import { RecentEmoji } from "../room/recent_emoji.js";
import { RecentRooms } from "../room/recent_rooms.js";

const WITHDRAW_MS = 3000; // longer one does not wait to be signed out, whatever the network does

/** Asks before signing out takes along what only this browser has, and lets go of it then: of this person's
 * alone. Tells the document `kept:cleared`: what goes with the page is not to be kept any more. */
export function mount(dialog) {
  const question = new Question(dialog);
  const ends = [
    listen(document, "submit", (event) => { if (event.target.matches("[data-sign-out]")) question.ask(event); }),
    listen(dialog, "click", (event) => question.answer(event.target.closest("[data-action]")?.dataset.action)),
  ];
  return () => ends.forEach((end) => end());
}

class Question {
  constructor(dialog) {
    this.dialog = dialog;
    this.drafts = new Drafts(keptStorage(), me());
    this.edits = new Edits(keptStorage(), me());
    this.unsent = new OutboxStore(keptStorage(), me());
  }

  ask(event) {
    this.form = event.target;
    const drafts = this.drafts.rooms().length;
    const unsent = this.unsent.unsent().filter((entry) => !this.drafts.holds(entry.clientId)).length;
    const edits = this.edits.count;
    const isNothing = drafts + edits + unsent === 0;
    if (isNothing && this.unsent.discarded().length === 0) return this.#clear();
    event.preventDefault();
    if (isNothing) return this.#leave();
    this.#say("unsent", unsent);
    this.#say("drafts", drafts);
    this.#say("edits", edits);
    leaveMenu(this.form);
    if (this.dialog.showModal) this.dialog.showModal();
    else if (window.confirm(this.dialog.querySelector("ul").innerText)) this.answer("sign-out");
  }

  answer(action) {
    if (action) this.dialog.close?.();
    if (action === "sign-out") this.#leave();
  }

  /** What was let go and may be stored is deleted first: nobody can do that after. */
  async #leave() {
    const isTried = this.unsent.discarded().length > 0;
    if (isTried) await Promise.race([pageOutbox({}).withdraw(), delay(WITHDRAW_MS)]);
    this.#clear();
    this.form.submit();
  }

  #say(name, count) {
    slot(this.dialog, name).hidden = count === 0;
    slot(this.dialog, name).textContent = fillCount(this.dialog.dataset, name, count);
  }

  #clear() {
    tell(document, "kept:cleared");
    keptStorage("sessionStorage")?.clear();
    this.unsent.clear();
    this.drafts.clear();
    this.edits.clear();
    for (const Recent of [RecentRooms, RecentEmoji]) new Recent(keptStorage(), me()).clear();
  }
}
