import { ask, fill, fillCount, listen, slot, tell } from "../helpers/dom.js";
import { EditKeeper } from "../helpers/edit_keeper.js";
import { emphasize } from "../helpers/emphasis.js";
import { grow } from "../helpers/grow.js";
import { getJson } from "../helpers/http.js";
import { isOfInputMethod, isSendKey } from "../helpers/keys.js";
import { countCharacters, textToSend } from "../room/limit.js";

const COUNTDOWN_CHARS = 500; // shown when no more than this is left

/** The box in which one changes a message where it stands. Asks `message:edit {messageId, body}`; what could not be
 * saved stays in it, with the reason, and outlives the page. Tells `edit-box:closed` when it is over. What is not saved yet
 * shows in its class. */
export function mount(element) {
  const box = element.querySelector("textarea");
  const edit = new EditBox(element, box);
  const ends = [
    listen(slot(element, "save"), "click", () => edit.save()),
    listen(box, "keydown", (event) => edit.key(event)),
    listen(box, "input", () => edit.changed()),
    listen(slot(element, "cancel"), "click", () => edit.close()),
    listen(element.closest(".log"), "message:arrived", ({ detail }) => edit.heard(detail.message)),
    ...edit.keeper.listen(),
  ];
  edit.start();
  return () => ends.forEach((end) => end());
}

class EditBox {
  #isSaving = false;

  constructor(element, box) {
    this.element = element;
    this.box = box;
    this.isTouch = matchMedia("(pointer: coarse)").matches;
    this.keeper = new EditKeeper(element, box, { written: () => this.changed(), over: () => this.close() });
  }

  /** What stands in the message: the box keeps it too, for when one leaves the room and comes back. */
  get before() {
    return this.box.defaultValue;
  }

  get isChanged() {
    return this.box.value !== this.before;
  }

  start() {
    this.changed();
    if (this.element.closest(".message--deleted")) this.#complain(this.element.dataset.deleted);
  }

  /** Where the message is gone nobody should have to write to the end to learn it. The text stays, to be copied. */
  heard({ id, deleted_at: deletedAt }) {
    if (deletedAt && id === Number(this.element.dataset.messageId)) this.#complain(this.element.dataset.deleted);
  }

  key(event) {
    if (isOfInputMethod(event) || emphasize(event, this.box)) return;
    const isEnd = event.key === "Escape";
    if (!isEnd && !isSendKey(event, this.isTouch)) return;
    event.preventDefault(); // also Escape: it would take the buttons away that the pointer brought
    if (isEnd) this.close();
    else if (!event.repeat) this.save();
  }

  async save() {
    const body = textToSend(this.box.value);
    if (this.#isSaving || this.#isRefused(body)) return;
    if (body === this.before && this.keeper.tried.size === 0) return this.close();
    this.#wait(true);
    try {
      await this.#send(body);
      this.box.defaultValue = this.box.value;
      this.close();
    } catch (error) {
      this.#keep(error.sentence || this.element.dataset.failed);
    }
  }

  close() {
    this.keeper.end();
    tell(this.element, "edit-box:closed");
  }

  changed() {
    this.element.classList.toggle("edit-box--changed", this.isChanged);
    this.#complain("");
    const left = Number(this.element.dataset.maxChars) - countCharacters(this.box.value);
    slot(this.element, "count").textContent = left > COUNTDOWN_CHARS ? "" : this.#countdown(left);
    grow(this.box);
  }

  /** Of what was tried before, nobody may know whether it is stored: that is no edit of somebody else's. */
  async #send(body) {
    this.keeper.trying(body);
    try {
      await this.#ask(body);
    } catch (error) {
      if (error.code !== "message_edited_since") throw error;
      const now = await getJson(this.element.dataset.url);
      this.element.dataset.version = now.version; // who saves again has read that there is another text
      if (!this.keeper.tried.has(now.body)) throw error;
      await this.#ask(body);
    }
  }

  #ask(body) {
    const { messageId, version } = this.element.dataset;
    return ask(this.element, "message:edit", { messageId: Number(messageId), body, version: Number(version) });
  }

  #isRefused(body) {
    const over = countCharacters(body) - Number(this.element.dataset.maxChars);
    if (body === "") this.#complain(this.element.dataset.empty);
    if (over > 0) this.#complain(fillCount(this.element.dataset, "over", over));
    return body === "" || over > 0;
  }

  /** Not saved: nothing of it is lost, and the button says what to do. */
  #keep(reason) {
    this.#wait(false);
    this.#complain(reason);
    slot(this.element, "save").textContent = this.element.dataset.retry;
    this.box.focus();
  }

  #wait(isSaving) {
    this.#isSaving = isSaving;
    this.box.readOnly = isSaving;
    this.element.setAttribute("aria-busy", String(isSaving));
  }

  #complain(sentence) {
    slot(this.element, "error").textContent = sentence;
    this.box.setAttribute("aria-invalid", sentence ? "true" : "false");
  }

  #countdown(left) {
    const words = this.element.dataset;
    return left < 0 ? fillCount(words, "over", -left) : fill(words.left, { number: left });
  }
}
