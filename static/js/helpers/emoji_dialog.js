import { fillCount, listen, slot } from "./dom.js";
import { emojiNames, recentEmoji, rememberEmoji } from "./emoji.js";
import { EmojiGrid } from "./emoji_grid.js";
import { isOfInputMethod } from "./keys.js";
import { loadSheet } from "./late_sheet.js";

const MARGIN_PX = 8; // between the dialog and the window's edge
const RECENT = 8; // one row
const FOUND_MAX = 80;
const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]/u;

/**
 * What the dialog with the emoji does, from its first opening on: `open({title, near, choose, closed})` shows it beside
 * the rectangle `near`, gives the emoji to `choose`, and says why when that rejects. `closed()` takes the focus back.
 */
export class EmojiDialog {
  #asked = null;
  #names = null;
  #found = []; // what the typed words mean, the likeliest first

  constructor(dialog) {
    this.dialog = dialog;
    this.box = slot(dialog, "query");
    this.recent = new EmojiGrid(slot(dialog, "recent"));
    this.all = new EmojiGrid(slot(dialog, "all"));
    this.usual = new Map([...dialog.querySelectorAll("[value]")].map((button) => [button.value, button.title]));
  }

  /** Returns what ends it. */
  listen() {
    const ends = [
      listen(this.dialog, "click", (event) => this.clicked(event)),
      listen(this.dialog, "close", () => this.closed()),
      listen(slot(this.dialog, "choose"), "click", () => this.chooseTyped()),
      listen(this.box, "input", () => this.search()),
      listen(this.box, "keydown", (event) => this.key(event)),
      ...this.recent.listen(),
      ...this.all.listen(),
    ];
    return () => { ends.forEach((end) => end()); this.dialog.close(); };
  }

  async open(asked) {
    await loadSheet("emoji");
    if (this.dialog.open || !this.dialog.isConnected) return; // meanwhile another asked, or one has left the room
    this.#asked = asked;
    slot(this.dialog, "title").textContent = asked.title;
    this.box.value = "";
    this.#complain("");
    this.#showRecent();
    this.dialog.showModal();
    this.#place(asked.near);
    this.#load();
  }

  clicked(event) {
    const emoji = event.target.closest(".emoji-picker__button")?.value;
    if (emoji) this.#choose(emoji);
    else if (event.target === this.dialog && this.#isBeside(event)) this.dialog.close();
  }

  key(event) {
    if (isOfInputMethod(event)) return;
    if (event.key === "ArrowDown") this.#instead(event, () => this.all.enter());
    if (event.key === "Enter") this.#instead(event, () => { if (!event.repeat) this.chooseTyped(); });
  }

  /** What is found changes with each letter, also while a syllable is being composed: nothing is written into the field. */
  search() {
    this.#complain("");
    const query = this.box.value.trim();
    this.#found = this.#names?.search(query, { recent: recentEmoji(), limit: FOUND_MAX }) ?? [];
    this.all.show(query ? this.#found : this.#names?.all ?? []);
    slot(this.dialog, "found").textContent = query ? fillCount(this.dialog.dataset, "found", this.#found.length) : "";
  }

  /** The likeliest of what was found, or the emoji itself that stands there. */
  chooseTyped() {
    const typed = this.box.value.trim();
    if (!typed) this.box.focus();
    else if (this.#found.length > 0) this.#choose(this.#found[0].emoji);
    else if (EMOJI.test(typed)) this.#choose(typed);
    else this.#complain(this.dialog.dataset.none);
  }

  closed() {
    this.#asked?.closed();
    this.#asked = null;
  }

  async #load() {
    this.#names ??= await emojiNames(this.dialog.dataset.namesUrl).catch(() => null); // the row is there without them
    if (!this.dialog.open) return;
    this.#nameRecent();
    this.search();
    this.#place(this.#asked.near); // it is taller now
  }

  #showRecent() {
    const shown = recentEmoji().slice(0, RECENT);
    this.recent.show(shown.map((emoji) => ({ emoji, name: this.#nameOf(emoji) })));
  }

  /** What stands there already may have the focus: it only gets its names. */
  #nameRecent() {
    for (const button of this.recent.list.querySelectorAll("button")) {
      button.title = this.#nameOf(button.value);
      button.setAttribute("aria-label", button.title || button.value);
    }
  }

  #nameOf(emoji) {
    return this.usual.get(emoji) ?? this.#names?.nameOf(emoji) ?? "";
  }

  #instead(event, does) {
    event.preventDefault();
    does();
  }

  async #choose(emoji) {
    const asked = this.#asked;
    try {
      await asked.choose(emoji);
      rememberEmoji(emoji);
      if (asked === this.#asked) this.dialog.close();
    } catch (error) {
      if (asked === this.#asked) this.#complain(error.sentence || this.dialog.dataset.failed);
    }
  }

  #complain(sentence) {
    slot(this.dialog, "error").textContent = sentence;
    this.box.setAttribute("aria-invalid", String(sentence !== ""));
  }

  /** At the end of what it is for, and wholly in the window. */
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
