import { me } from "../page.js";
import { Drafts } from "../room/drafts.js";
import { textToSend } from "../room/limit.js";
import { OutboxStore } from "../room/outbox_store.js";
import { listen, tell } from "./dom.js";
import { keptStorage } from "./kept_storage.js";

const PAUSE_MS = 300; // of the typing, before it is kept (behaviour 5)

/**
 * Keeps what stands in a box, and what that answers, for its reader and its room, in all tabs. What another tab wrote comes in while this one's
 * own text is as it was last kept, and not under the fingers of somebody who writes (behaviour 50). Tells
 * `composer:dropped {clientId}` when a message that was taken back was emptied.
 */
export class DraftKeeper {
  #known = ""; // the text as both the box and the storage had it last
  #timer = 0;
  clientId = null; // of the message that was taken back or is about to leave, if it is one

  constructor(form, box, { reply, files, mayWrite, write }) {
    Object.assign(this, { form, box, reply, files, mayWrite, write });
    this.roomId = Number(form.dataset.roomId);
    this.drafts = new Drafts(keptStorage(), me());
  }

  /** What ends it stands in the list. */
  listen() {
    return [
      listen(this.box, "input", () => this.#saveSoon()),
      listen(this.box, "blur", () => this.#save()),
      listen(window, "pagehide", () => this.#save()),
      listen(document, "visibilitychange", () => this.#save()),
      listen(window, "focus", () => this.#adopt()),
      listen(window, "pageshow", () => this.#adopt()),
      listen(window, "storage", (event) => this.drafts.isOf(this.roomId, event.key) && this.#adopt()),
      // Files too, from the moment they are chosen: what looks after them may still be on its way to the page.
      listen(window, "beforeunload", (event) => { if (!this.#isKept() || !this.files.tray.isEmpty) event.preventDefault(); }),
      () => this.#leave(),
    ];
  }

  /** A text that the server gave back with the page is newer. */
  restore() {
    if (this.#isInOutbox()) this.drafts.put(this.roomId, { body: "" });
    if (this.box.value === "") this.#adopt();
    else this.#save();
  }

  /** What stands in the box is this message, taken back or about to leave: a draft, and still that message. */
  belongTo(clientId) {
    this.clientId = clientId;
    this.#keep(this.box.value);
  }

  /** What goes with the text: of a message that was taken back. */
  get uploads() {
    return (this.clientId && new OutboxStore(keptStorage(), me()).get(this.clientId)?.uploads) || [];
  }

  /** What the text answers is another message, or none. */
  answered() {
    this.#keep(this.box.value);
  }

  /** The text was sent; it is kept elsewhere now. */
  end() {
    this.clientId = null;
    this.#keep("");
  }

  /** The page ended just when the outbox had taken the text. */
  #isInOutbox() {
    const { body, clientId } = this.drafts.get(this.roomId);
    const entry = clientId && new OutboxStore(keptStorage(), me()).get(clientId);
    return entry?.state === "queued" && entry.body === textToSend(body);
  }

  /** Another tab may go on with it before one comes back to this box: what was kept is then put in anew. */
  #leave() {
    this.#save();
    if (this.#isKept() && !this.box.readOnly) this.box.value = "";
  }

  #saveSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE_MS);
  }

  #save() {
    // An unchanged one is not newer than what another tab has kept since.
    if (this.box.value !== this.#known && !this.box.readOnly) this.#keep(this.box.value);
  }

  #keep(body) {
    clearTimeout(this.#timer);
    this.#known = body;
    this.drafts.put(this.roomId, { body, clientId: this.clientId, replyTo: this.reply.number });
    if (this.clientId && body.trim() === "" && this.files.tray.isEmpty) this.#drop();
    tell(document, "kept:changed", { roomId: this.roomId });
  }

  #drop() {
    const { clientId } = this;
    this.clientId = null;
    tell(this.form, "composer:dropped", { clientId });
  }

  #adopt() {
    const { body, clientId, replyTo } = this.drafts.get(this.roomId);
    if (this.box.value !== this.#known) return this.#goOwnWay(clientId);
    const isOver = body === ""; // sent by another tab, or by this one before it came from the cache: not to be sent again
    if ((this.#isWriting() && !isOver) || !this.mayWrite()) return;
    this.clientId = clientId;
    if (body !== "" || this.#known !== "") this.reply.restore(replyTo); // with no text, neither has a draft
    if (body === this.#known) return;
    this.#known = body;
    this.write(body);
  }

  /** The message was sent or dropped by another tab: what stands here is another one. */
  #goOwnWay(clientId) {
    if (clientId !== this.clientId) this.clientId = null;
  }

  /** A cursor in a text must not jump; in an empty box it cannot. */
  #isWriting() {
    return this.box.value !== "" && document.activeElement === this.box && document.hasFocus();
  }

  #isKept() {
    return this.box.value.trim() === "" || this.drafts.kept.isKept(String(this.roomId));
  }
}
