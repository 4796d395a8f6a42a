import { closedWordForEmoji, wordForEmoji } from "../room/emoji_names.js";
import { fillCount, listen, slot } from "./dom.js";
import { emojiNames, recentEmoji, rememberEmoji } from "./emoji.js";
import { insertText } from "./insert_text.js";
import { isBare } from "./keys.js";
import { loadSheet } from "./late_sheet.js";

const SHOWN = 8;

/**
 * What a colon and two letters in the box may mean: a list above it, of which arrows and Enter, Tab or the pointer choose.
 * The focus stays in the box, which names the chosen line for a screen reader. While a syllable is being composed the
 * list follows, and nothing is written into the box.
 */
export class EmojiCompletion {
  #matches = [];
  #active = 0;
  #dismissed = null; // where the word begins for which nobody wants the list any more

  constructor(form, box, { namesUrl, isComposing }) {
    Object.assign(this, { form, box, namesUrl, isComposing });
    this.list = slot(form, "completion");
  }

  get isOpen() {
    return this.#matches.length > 0;
  }

  listen() {
    return [
      listen(this.box, "input", ({ data }) => this.typed(data)),
      listen(this.box, "click", () => this.update()),
      listen(this.box, "keyup", ({ key }) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(key) && this.update()),
      listen(this.box, "blur", () => this.#show([])),
      listen(this.list, "pointerdown", (event) => event.preventDefault()), // the focus stays in the box
      listen(this.list, "click", (event) => this.#clicked(event.target.closest("[role=option]"))),
      () => this.#show([]),
    ];
  }

  /** Take a key that is meant for the list. Returns whether it was. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.isOpen || !isBare(event, event.key)) return false;
    if (step) this.#go(this.#active + step);
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#matches[this.#active].emoji);
    else if (event.key === "Escape") this.#dismiss();
    else return false;
    event.preventDefault();
    return true;
  }

  /** This was typed last. */
  typed(data) {
    if (data === ":") this.#close();
    else this.update();
  }

  async update() {
    const word = this.#word();
    if (word?.start !== this.#dismissed) this.#dismissed = null;
    if (!word || this.#dismissed !== null) return this.#show([]);
    const [names] = await Promise.all([emojiNames(this.namesUrl).catch(() => null), loadSheet("emoji")]);
    const now = this.#word(); // one has typed on meanwhile
    if (now?.query === word.query && this.box === document.activeElement) {
      this.#show(names?.search(word.query, { recent: recentEmoji(), limit: SHOWN }) ?? []);
    }
  }

  /** A second colon ends the word: where it is the name of one, that is taken without a look at the list. */
  async #close() {
    const word = this.#word(closedWordForEmoji);
    const isWanted = word && word.start !== this.#dismissed && !this.isComposing();
    this.update();
    const names = isWanted ? await emojiNames(this.namesUrl).catch(() => null) : null;
    const found = names?.called(word.query);
    if (found && this.#word(closedWordForEmoji)?.query === word.query) this.#choose(found.emoji, closedWordForEmoji);
  }

  #word(find = wordForEmoji) {
    const { selectionStart, selectionEnd, value, readOnly } = this.box;
    return selectionStart === selectionEnd && !readOnly ? find(value.slice(0, selectionStart)) : null;
  }

  #dismiss() {
    this.#dismissed = this.#word()?.start ?? null;
    this.#show([]);
  }

  #show(matches) {
    if (matches.length === 0 && !this.isOpen) return;
    this.#matches = matches;
    this.list.hidden = !this.isOpen;
    this.list.replaceChildren(...matches.map((match, index) => option(this.list, match, index)));
    slot(this.form, "completion-said").textContent = this.isOpen ? fillCount(this.list.dataset, "found", matches.length) : "";
    for (const name of ["aria-controls", "aria-autocomplete", "aria-activedescendant"]) this.box.removeAttribute(name);
    if (!this.isOpen) return;
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.setAttribute("aria-autocomplete", "list");
    // At 400 % there is place for a few lines, and less above a long text.
    this.list.style.setProperty("--place-above", `${this.list.parentElement.getBoundingClientRect().top}px`);
    this.#go(0);
  }

  #go(to) {
    this.#active = (to + this.#matches.length) % this.#matches.length;
    [...this.list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === this.#active)));
    const chosen = this.list.children[this.#active];
    chosen.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", chosen.id);
  }

  #clicked(chosen) {
    if (!chosen) return;
    const { emoji } = this.#matches[[...this.list.children].indexOf(chosen)];
    if (!this.isComposing()) return this.#choose(emoji);
    this.box.blur(); // ends the composition; its last syllable comes after this
    this.box.focus();
    setTimeout(() => this.#choose(emoji));
  }

  #choose(emoji, find = wordForEmoji) {
    const word = this.#word(find);
    this.#show([]);
    if (!word) return;
    this.box.setSelectionRange(word.start, this.box.selectionStart);
    insertText(this.box, `${emoji} `);
    rememberEmoji(emoji);
  }
}

function option(list, { emoji, name }, index) {
  const line = document.createElement("li");
  const picture = document.createElement("span");
  picture.className = "completion__emoji";
  picture.textContent = emoji;
  line.append(picture, name);
  line.id = `${list.id}-${index}`;
  line.className = "completion__option";
  line.setAttribute("role", "option");
  return line;
}
