import { locale, me } from "../page.js";
import { sizeText } from "../room/size_text.js";
import { StagedStore } from "../room/staged_store.js";
import { isRetriable, pastedName, Uploads } from "../room/uploads.js";
import { copyTemplate, fill, fillCount, listen, slot } from "./dom.js";
import { keptStorage } from "./kept_storage.js";
import { isOfInputMethod } from "./keys.js";
import { loadSheet } from "./late_sheet.js";
import { spaceLeft, uploadWire } from "./upload_wire.js";

await loadSheet("attachments");

const IMAGE_WITHOUT_NAME = /^image\.\w+$/; // what browsers call a picture from the clipboard
const trays = new Set(); // of all forms: what is in them goes with the page
listen(window, "beforeunload", (event) => { if ([...trays].some((tray) => !tray.isEmpty)) event.preventDefault(); }); // behaviour 18
listen(window, "online", () => trays.forEach((tray) => tray.files.resume()));
listen(document, "sign-in:back", () => trays.forEach((tray) => tray.files.resume()));

/** The files of the message that stands in a form, above its box: each with its name, size, progress, retry and remove. */
export class Attachments {
  #ends = [];
  #send = null;
  #isWaiting = false; // to be sent, for its files
  #folders = []; // what those are called that were just dropped
  #taking = Promise.resolve(); // one after the other: in the order in which they came

  constructor(form, box) {
    Object.assign(this, { form, box, element: slot(form, "tray"), list: slot(form, "tray-list"), hint: slot(form, "drop-hint") });
    this.words = this.element.dataset;
    const { uploadsUrl, maxUploads, uploadMaxBytes } = form.dataset;
    this.limits = { maxCount: Number(maxUploads), maxBytes: Number(uploadMaxBytes) };
    this.files = new Uploads({ wire: uploadWire(uploadsUrl), limits: this.limits, changed: (item) => this.#show(item) });
    listen(this.list, "click", (event) => this.#clicked(event));
    listen(this.list, "input", ({ target }) => this.#described(target));
    listen(this.list, "keydown", (event) => this.#key(event));
    this.store = new StagedStore(keptStorage("sessionStorage"), me());
    trays.add(this);
  }

  /** Its form is in the page, and `send()` sends the message. */
  enter(send) {
    this.#send = send;
    this.#ends = [
      ...["dragenter", "dragover"].map((name) => listen(window, name, (event) => this.#dragged(event))),
      listen(window, "dragleave", (event) => { if (!event.relatedTarget) this.hint.hidden = true; }),
      listen(window, "drop", (event) => this.#dropped(event), { capture: true }), // before its files are taken
    ];
  }

  /** One looks at another room: what is on its way goes on. */
  leave() {
    this.waitNoMore();
    this.hint.hidden = true;
    this.#ends.forEach((end) => end());
  }

  get isEmpty() {
    return this.files.isEmpty;
  }

  get uploads() {
    return this.files.uploads;
  }

  /** Take files in; those from the clipboard may need a name. */
  take(chosen, how) {
    const folders = this.#folders;
    this.#folders = [];
    if (this.#mayTake()) this.#taking = this.#taking.then(() => this.#takeIn(chosen, folders, how));
    return this.#taking;
  }

  async #takeIn(given, folders, { isPasted = false } = {}) {
    const chosen = given.filter(({ name }) => !folders.includes(name));
    const [space, ...are] = await Promise.all([spaceLeft(), ...chosen.map(isReadable)]);
    const files = chosen.filter((_, index) => are[index]).map((file) => (isPasted ? named(file) : file));
    this.waitNoMore();
    const refused = this.files.add(files, space.bytes);
    this.#complainOf(refused, space, { isAllRead: files.length === chosen.length && !folders.length });
    const begun = files.length - refused.length;
    if (begun > 0) this.#say(fillCount(this.words, "begun", begun));
    if (!matchMedia("(pointer: coarse)").matches) this.box.focus(); // on touch the keyboard would jump up
  }

  /** Take in those of a message that was taken back, and those that were there before a reload. */
  async restore(uploads) {
    const kept = this.store.get(this.form.dataset.roomId);
    this.files.restore(uploads);
    if (await this.files.revive(kept)) this.#complain(this.words.gone);
    this.#keep();
  }

  /** Whether the message waits: it then goes as soon as all its files are there, if nothing is changed meanwhile. */
  holdsBack() {
    if (this.files.hasFailed) this.#complain(this.words.notThere);
    else if (this.files.isRunning) this.#wait();
    return this.files.hasFailed || this.files.isRunning;
  }

  /** What it was to send is not the same any more, or its box has gone: Enter is wanted once more. */
  waitNoMore() {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#say(this.words.changed);
    this.#note(this.words.changed);
  }

  sent() {
    this.#isWaiting = false;
    this.files.clear();
    this.#complain("");
    this.#note("");
  }

  /** The form goes to the server by itself: it names what is there already. */
  fillForm() {
    const fields = this.uploads.flatMap(({ id, alt }) => [["upload_ids", id], ["upload_alts", alt]]);
    for (const [name, value] of fields) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      this.form.append(field);
    }
  }

  #wait() {
    this.#isWaiting = true;
    this.#complain("");
    this.#say(this.words.waiting);
    this.#note(this.words.waiting);
  }

  #show(item) {
    const line = this.#lineOf(item);
    if (item.state === "gone") this.#remove(line);
    else this.#fill(line, item);
    this.element.hidden = this.isEmpty;
    if (item.state === "done" && !this.files.isRunning) this.#allThere();
    if (item.state === "failed") this.waitNoMore();
    if (item.state !== "running") this.#keep();
  }

  #keep() {
    this.store.put(this.form.dataset.roomId, this.files.kept);
  }

  #allThere() {
    const isWaiting = this.#isWaiting && !this.files.hasFailed;
    this.#isWaiting = false;
    if (!this.files.hasFailed) this.#say(this.words.there);
    this.#note("");
    if (isWaiting) this.#send();
  }

  #lineOf(item) {
    const found = [...this.list.children].find((line) => line.dataset.itemId === item.id);
    return found ?? (item.state === "gone" ? null : this.#added(item));
  }

  #added({ id, name, size, alt }) {
    const line = copyTemplate(this.form, "staged").firstElementChild;
    line.dataset.itemId = id;
    slot(line, "name").textContent = name;
    slot(line, "size").textContent = sizeText(size, locale);
    slot(line, "progress").setAttribute("aria-label", name);
    slot(line, "remove").setAttribute("aria-label", fill(this.words.remove, { name }));
    slot(line, "remove").title = fill(this.words.remove, { name });
    slot(line, "retry").setAttribute("aria-label", fill(this.words.retry, { name }));
    slot(line, "alt").setAttribute("aria-label", fill(this.words.alt, { name }));
    slot(line, "alt").value = alt;
    this.list.append(line);
    return line;
  }

  #fill(line, item) {
    const { state, sent, size, reason, isUnscanned, file, upload } = item;
    slot(line, "alt").hidden = upload ? upload.kind !== "picture" : !file?.type.startsWith("image/");
    line.dataset.state = state;
    const isOnItsWay = state === "waiting" || state === "running";
    slot(line, "progress").hidden = !isOnItsWay;
    slot(line, "progress").value = size > 0 ? sent / size : 0;
    slot(line, "retry").hidden = !isRetriable(item);
    const checking = isUnscanned ? this.words.checking : "";
    const sentence = state === "failed" ? reason || this.words.failed : checking;
    if (slot(line, "reason").textContent !== sentence) slot(line, "reason").textContent = sentence; // said once
  }

  #clicked({ target }) {
    const id = target.closest("[data-item-id]")?.dataset.itemId;
    if (target.closest('[data-slot="retry"]')) this.#retry(id);
    else if (target.closest('[data-slot="remove"]')) this.#letGo(id);
  }

  #described(field) {
    this.waitNoMore();
    this.files.describe(field.closest("[data-item-id]").dataset.itemId, field.value);
    this.#keep();
  }

  /** Enter leads on to the box: it sends only from there. */
  #key(event) {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    if (!isOfInputMethod(event)) this.box.focus();
  }

  #letGo(id) {
    this.#complain("");
    this.waitNoMore();
    this.files.remove(id);
    if (this.isEmpty) this.#note("");
  }

  /** The button goes with its reason; who pressed it by key stays in the line. */
  #retry(id) {
    this.#complain("");
    this.files.retry(id);
    slot(this.#lineOf({ id, state: "waiting" }), "remove").focus();
  }

  /** Whoever removed it by key goes on with the next, or with the box. */
  #remove(line) {
    if (!line) return;
    const isInIt = line.contains(document.activeElement);
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    if (isInIt) (next ? slot(next, "remove") : this.form.querySelector("textarea")).focus();
  }

  #dragged(event) {
    if (!event.dataTransfer.types.includes("Files") || !this.#mayTake()) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.hint.hidden = false;
  }

  /** Some browsers have a folder among the files as well, and some give nothing of it. */
  #dropped({ dataTransfer: { files, items } }) {
    this.hint.hidden = true;
    const entries = [...items].map((item) => item.webkitGetAsEntry?.());
    const folders = entries.filter((entry) => entry?.isDirectory).map(({ name }) => name);
    if (files.length) this.#folders = folders;
    else if (folders.length && this.#mayTake()) this.#complain(this.words.folder);
  }

  #mayTake() {
    return !this.box.readOnly && !document.querySelector("dialog[open]");
  }

  #complainOf(refused, space, { isAllRead }) {
    const unread = isAllRead ? [] : [this.words.folder];
    this.#complain([...new Set([...unread, ...refused.map((each) => this.#refusal(each, space))])].join(" "));
  }

  #refusal({ file: { name }, reason }, { bytes, whose }) {
    if (reason === "too-many") return fillCount(this.words, "tooMany", this.limits.maxCount);
    const full = whose === "company" ? this.words.quotaFull : this.words.shareFull;
    if (reason === "no-space") return fill(full, { name, size: sizeText(bytes, locale) });
    return fill(this.words.tooLarge, { name, size: sizeText(this.limits.maxBytes, locale) });
  }

  #complain(sentence) {
    slot(this.form, "error").textContent = sentence;
  }

  /** For those who hear. Not each step: where it stands is said when the bar is asked. */
  #say(sentence) {
    slot(this.form, "tray-said").textContent = sentence;
  }

  #note(sentence) {
    slot(this.form, "tray-note").textContent = sentence;
  }
}

/** A folder looks like a file that cannot be read. */
function isReadable(file) {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

function named(file) {
  return IMAGE_WITHOUT_NAME.test(file.name) ? new File([file], pastedName(new Date(), file.type), { type: file.type }) : file;
}
