import { fill, fillCount, listen, slot, tell } from "../helpers/dom.js";
import { EmojiWord } from "../helpers/emoji_word.js";
import { emphasize } from "../helpers/emphasis.js";
import { insertText } from "../helpers/insert_text.js";
import { DraftKeeper } from "../helpers/draft_keeper.js";
import { FileDoor } from "../helpers/file_door.js";
import { grow } from "../helpers/grow.js";
import { isBare, isOfInputMethod, isSendKey } from "../helpers/keys.js";
import { lastOwnLine } from "../helpers/line.js";
import { ReplyBar } from "../helpers/reply_bar.js";
import { newClientId } from "../room/client_id.js";
import { countCharacters, textToSend } from "../room/limit.js";

const COUNTDOWN_CHARS = 500; // shown when no more than this is left

// What may have the focus while nobody means it: a line of the log, too, unless one walks there by keys.
const ELSEWHERE = "body, main, .log, .log:not([data-by-keys]) :is(.message, pre, table)";

/** The box one writes in. Tells `composer:send {body, clientId, isNew, replyTo, uploads}`, and is cleared once that was taken; takes a text back
 * on `composer:restore`. After `composer:lock` its text can be read and copied, and not sent, until `composer:unlock`. */
export function mount(form) {
  const box = form.querySelector("textarea");
  const composer = new Composer(form, box);
  const ends = [
    listen(form, "submit", (event) => { event.preventDefault(); composer.send(); }),
    listen(box, "keydown", (event) => composer.key(event)),
    listen(box, "input", () => composer.changed()),
    listen(box, "compositionstart", () => composer.compositionStarted()),
    listen(box, "compositionend", () => composer.compositionEnded()),
    listen(form, "composer:restore", (event) => composer.restore(event)),
    listen(form, "composer:lock", () => composer.lock()),
    listen(form, "composer:unlock", () => composer.unlock()),
    listen(document, "keydown", (event) => composer.keyElsewhere(event)),
    listen(composer.emojiButton, "click", () => composer.askForEmoji()),
    ...composer.emojiWord.listen(),
    ...composer.draft.listen(),
    ...composer.reply.listen(),
    ...composer.files.listen(),
  ];
  composer.start();
  return () => ends.forEach((end) => end());
}

class Composer {
  #isComposing = false;
  #sendsAfterComposition = false;

  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.maxChars = Number(form.dataset.maxChars);
    this.isTouch = matchMedia("(pointer: coarse)").matches;
    this.reply = new ReplyBar(form, { changed: () => this.draft.answered() });
    const [mayWrite, write] = [() => !this.#isComposing, (text) => this.#write(text)];
    this.emojiButton = slot(form, "emoji");
    const { namesUrl } = form.closest('[data-controller="room"]').querySelector('[data-controller="emoji-picker"]').dataset;
    this.emojiWord = new EmojiWord(form, box, { namesUrl, isComposing: () => this.#isComposing });
    this.files = new FileDoor(form, box, () => this.send());
    this.draft = new DraftKeeper(form, box, { reply: this.reply, files: this.files, mayWrite, write });
  }

  start() {
    this.emojiButton.hidden = false;
    this.draft.restore();
    if (this.files.tray.isEmpty) this.files.restore(this.draft.uploads);
    this.#count(); // not changed(): a refused post without a script comes back with its reason
    grow(this.box);
    // On touch the keyboard would jump up (behaviour 8). A focus lays the page out: when the log is ready, and once.
    if (!this.isTouch && !location.hash) queueMicrotask(() => this.box.focus());
  }

  key(event) {
    if (isOfInputMethod(event) || this.emojiWord.key(event) || emphasize(event, this.box)) return;
    if (isSendKey(event, this.isTouch)) this.#enter(event);
    else if (isBare(event, "Escape") && this.reply.number) this.#instead(event, () => this.reply.cancel());
    else if (isBare(event, "ArrowUp") && this.#isEmpty()) this.#editLast(event);
  }

  #enter(event) {
    this.#instead(event, () => { if (!event.repeat) this.send(); });
  }

  #instead(event, does) {
    event.preventDefault();
    does();
  }

  #isEmpty() {
    return this.box.value === "" && !this.reply.number && !this.box.readOnly && this.files.tray.isEmpty;
  }

  /** One's newest message, if it is there to be changed. (behaviour 6) */
  #editLast(event) {
    const line = lastOwnLine(this.reply.log);
    if (line) this.#instead(event, () => tell(this.form, "message:edit-asked", { line }));
  }

  /** The emoji goes where the caret stands. */
  askForEmoji() {
    const [title, near] = [this.emojiButton.title, this.form.getBoundingClientRect()];
    let chosen = null;
    const choose = (emoji) => { chosen = emoji; };
    const closed = () => {
      this.box.focus();
      if (chosen && !this.box.readOnly) insertText(this.box, chosen);
    };
    const failed = (sentence) => { slot(this.form, "error").textContent = sentence; };
    tell(this.form, "emoji:asked", { title, near, choose, closed, failed });
  }

  /** What is typed with nothing in focus is meant for the box. (behaviour 8) */
  keyElsewhere(event) {
    const isText = event.key.length === 1 && event.key !== " "; // space turns the page
    const isShortcut = event.ctrlKey || event.altKey || event.metaKey;
    if (isText && !isShortcut && document.activeElement?.matches(ELSEWHERE)) this.box.focus();
  }

  compositionStarted() {
    this.#isComposing = true;
  }

  compositionEnded() {
    this.#isComposing = false;
    if (!this.#sendsAfterComposition) return;
    this.#sendsAfterComposition = false;
    setTimeout(() => this.send()); // the last syllable reaches the box after this event
  }

  send() {
    if (this.#isComposing) {
      // Clearing now would leave the last syllable behind, to be sent twice. (behaviour 3)
      this.#sendsAfterComposition = true;
      return;
    }
    const body = textToSend(this.box.value);
    if (this.box.readOnly || (body === "" && this.files.tray.isEmpty) || this.#isOver(body) || this.files.tray.holdsBack()) return;
    const isNew = this.draft.clientId === null;
    const clientId = this.draft.clientId ?? newClientId();
    this.draft.belongTo(clientId); // first: should the page end in between, a second Enter is the same message
    const message = { body, clientId, isNew, replyTo: this.reply.number, uploads: this.files.tray.uploads };
    if (tell(this.form, "composer:send", message)) return this.#submit(clientId);
    this.files.tray.sent();
    this.draft.end();
    this.#write("");
    this.reply.restore(null);
  }

  /** Not taken: nobody has kept it, so that it must stay. The form can still bring it there. */
  #submit(clientId) {
    this.form.elements.client_id.value = clientId;
    this.files.tray.fillForm();
    this.form.submit();
  }

  /** Take `body` back with the `reason` it was refused for, unless something else is being written. */
  restore(event) {
    if (this.box.value.trim() !== "" || this.box.readOnly || this.#isComposing || !this.files.tray.isEmpty) return;
    event.preventDefault();
    this.files.restore(event.detail.uploads ?? []);
    this.#write(event.detail.body);
    this.reply.restore(event.detail.replyTo ?? null);
    this.draft.belongTo(event.detail.clientId);
    this.#complain(event.detail.reason);
    this.box.focus();
  }

  lock() {
    this.box.readOnly = true;
    this.form.querySelector("[type=submit]").disabled = true;
  }

  unlock() {
    this.box.readOnly = false;
    this.form.querySelector("[type=submit]").disabled = false;
  }

  changed() {
    this.#complain("");
    this.files.tray.waitNoMore();
    this.#count();
    grow(this.box);
  }

  #write(text) {
    this.box.value = text;
    this.#complain("");
    this.#count();
    grow(this.box);
  }

  #isOver(body) {
    const over = countCharacters(body) - this.maxChars;
    if (over <= 0) return false;
    this.#complain(fillCount(this.form.dataset, "over", over));
    return true;
  }

  #complain(sentence) {
    slot(this.form, "error").textContent = sentence;
    this.box.setAttribute("aria-invalid", sentence ? "true" : "false");
  }

  #count() {
    const left = this.maxChars - countCharacters(this.box.value);
    slot(this.form, "count").textContent = left > COUNTDOWN_CHARS ? "" : this.#countdown(left);
    this.form.classList.toggle("composer--over", left < 0);
  }

  #countdown(left) {
    const words = this.form.dataset;
    return left < 0 ? fillCount(words, "over", -left) : fill(words.left, { number: left });
  }
}
