import { me } from "../page.js";
import { Edits } from "../room/edits.js";
import { listen, tell } from "./dom.js";
import { keptStorage } from "./kept_storage.js";

const PAUSE_MS = 300; // of the typing, before it is kept: as a draft (behaviour 5)

/**
 * Keeps what stands in the box in which a message is changed, until it is saved or given up: through a reload, a crash,
 * and another room. `written()` hears that another tab went on with it, `over()` that it was saved or given up there.
 */
export class EditKeeper {
  #known; // the text as both the box and the storage had it last
  #timer = 0;
  #isOver = false;

  constructor(element, box, { written, over }) {
    Object.assign(this, { element, box, written, over });
    const { roomId, messageId, number } = element.dataset;
    this.place = { roomId: Number(roomId), messageId: Number(messageId), number: Number(number) };
    this.edits = new Edits(keptStorage(), me());
    const kept = this.edits.get(this.place.roomId, this.place.messageId);
    this.tried = new Set(kept?.tried);
    this.#known = kept?.body ?? box.defaultValue;
  }

  /** What ends it stands in the list. */
  listen() {
    this.save(); // one may have typed before these listened
    return [
      listen(this.box, "input", () => this.#saveSoon()),
      listen(this.box, "blur", () => this.save()),
      listen(window, "pagehide", () => this.save()),
      listen(document, "visibilitychange", () => this.save()),
      listen(window, "storage", ({ key, newValue }) => this.#isOurs(key) && this.#changedElsewhere(newValue)),
      // Of a browser that keeps nothing the page asks before it goes.
      listen(window, "beforeunload", (event) => { if (this.#isUnkept()) event.preventDefault(); }),
      () => this.save(),
    ];
  }

  save() {
    if (!this.#isOver && this.box.value !== this.#known) this.#keep();
  }

  /** This text leaves now: until it is known what became of it, nobody knows whether it is stored. */
  trying(body) {
    this.tried.add(body);
    this.#keep();
  }

  /** It was saved, or given up. */
  end() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.edits.remove(this.place.roomId, this.place.messageId);
    tell(document, "kept:changed", { roomId: this.place.roomId });
  }

  #saveSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  #keep() {
    clearTimeout(this.#timer);
    const { value: body, defaultValue: before } = this.box;
    this.#known = body;
    this.edits.put({ ...this.place, version: Number(this.element.dataset.version), before, body, tried: [...this.tried] });
    this.element.classList.toggle("edit-box--unkept", this.#isUnkept());
    tell(document, "kept:changed", { roomId: this.place.roomId });
  }

  #isUnkept() {
    const { roomId, messageId } = this.place;
    return !this.#isOver && this.box.value !== this.box.defaultValue && !this.edits.isKept(roomId, messageId);
  }

  #isOurs(key) {
    return this.edits.isOf(this.place.roomId, this.place.messageId, key);
  }

  /** What was typed here since is nowhere else, and a cursor in a text must not jump. */
  #changedElsewhere(string) {
    const edit = this.edits.get(this.place.roomId, this.place.messageId);
    if (this.box.value !== this.#known || this.box.readOnly) return;
    if (string === null) this.over();
    else if (edit && !document.hasFocus()) {
      this.#known = this.box.value = edit.body;
      this.written();
    }
  }
}
