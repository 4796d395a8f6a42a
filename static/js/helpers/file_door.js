import { me } from "../page.js";
import { listen, slot } from "./dom.js";
import { keptStorage } from "./kept_storage.js";

const NONE = { isEmpty: true, uploads: null, enter() {}, leave() {}, holdsBack: () => false, waitNoMore() {}, sent() {}, fillForm() {} };
const LONG_PASTE_CHARS = 2000; // from here on a file may be meant (behaviour 9)
let loading = null;
const trays = new WeakMap(); // of a form: its files stay while one looks at another room

/**
 * The ways by which files come to a message: the button, a drop anywhere on the page, the clipboard. What becomes of
 * them is up to the `tray` (helpers/attachments.js), which is loaded with the first. `send()` sends the message.
 */
export class FileDoor {
  #filling = 0; // how often something is on its way into the tray
  #isWanted = false; // to be sent, once it is there

  constructor(form, box, send) {
    Object.assign(this, { form, box, send, tray: trays.get(form) ?? NONE });
  }

  /** What ends it stands in the list. */
  listen() {
    const [button, input] = [slot(this.form, "attach"), slot(this.form, "files")];
    button.hidden = false;
    this.tray.enter(this.send);
    return [
      listen(button, "click", () => input.click()),
      listen(input, "change", () => {
        this.#take(input.files);
        input.value = ""; // so that the same can be chosen twice (behaviour 11)
      }),
      listen(document, "paste", (event) => this.#pasted(event)),
      listen(window, "dragenter", () => this.#load().catch(() => {})), // it says where to drop
      listen(window, "drop", ({ dataTransfer }) => this.#take(dataTransfer.files)),
      () => trays.get(this.form)?.leave(),
    ];
  }

  /** A message was taken back: these belong to it. Or there are those from before a reload (room/staged_store.js). */
  restore(uploads) {
    const kept = keptStorage("sessionStorage")?.getItem(`chatapp:staged:${me()}:${this.form.dataset.roomId}`);
    if (uploads.length || kept) this.#fill((tray) => tray.restore(uploads));
  }

  /** A text on the clipboard is what is meant, whatever picture of it lies beside (behaviour 9); not what only names
   * the files, as a Mac's Finder adds it. */
  #pasted(event) {
    const { files, types } = event.clipboardData;
    const text = event.clipboardData.getData("text/plain");
    if (event.target === this.box) setTimeout(() => this.#offerAsFile(text)); // it stands in the box by then
    const isElsewhere = event.target !== this.box && event.target.closest("input, textarea, dialog");
    const isText = types.includes("text/plain") && !isOnlyNames(text, files);
    if (!files.length || isText || isElsewhere) return;
    event.preventDefault();
    this.#take(files, { isPasted: true });
  }

  async #offerAsFile(text) {
    if (text.length < LONG_PASTE_CHARS) return;
    const { offerAsFile } = await import("./long_paste.js");
    offerAsFile(this.form, this.box, text, (file) => this.#take([file]));
  }

  #take(list, how) {
    const files = [...list]; // they are gone with the event
    if (files.length) this.#fill((tray) => tray.take(files, how));
  }

  /** Nothing is sent without what is about to be there; what was to be sent meanwhile goes then. */
  async #fill(work) {
    this.#filling += 1;
    this.tray = { ...NONE, isEmpty: false, holdsBack: () => (this.#isWanted = true), waitNoMore: () => (this.#isWanted = false) };
    try {
      await work(await this.#load());
    } catch {
      slot(this.form, "error").textContent = slot(this.form, "tray").dataset.failed;
    }
    this.#filling -= 1;
    if (this.#filling === 0) this.#filled();
  }

  #filled() {
    this.tray = trays.get(this.form) ?? NONE;
    const isWanted = this.#isWanted && this.form.isConnected;
    this.#isWanted = false;
    if (isWanted) this.send();
  }

  async #load() {
    loading ??= import("./attachments.js").finally(() => (loading = null));
    const { Attachments } = await loading; // one promise for all: who asks first goes on first
    if (!trays.has(this.form)) {
      trays.set(this.form, new Attachments(this.form, this.box));
      trays.get(this.form).enter(this.send);
    }
    if (this.tray === NONE) this.tray = trays.get(this.form);
    return trays.get(this.form);
  }
}

/** Whether each line is what one of the files is called. The Finder may write a letter as two. */
function isOnlyNames(text, files) {
  const names = [...files].map(({ name }) => name.normalize());
  return text.split(/[\r\n]+/).every((line) => line === "" || names.includes(line.normalize()));
}
