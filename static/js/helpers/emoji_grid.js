import { listen } from "./dom.js";
import { rightIn } from "./keys.js";

/** Emoji as buttons in rows, one stop of the Tab key: the arrows, Home and End go from one to the next. */
export class EmojiGrid {
  constructor(list) {
    this.list = list;
  }

  listen() {
    return [
      listen(this.list, "keydown", (event) => this.#key(event)),
      listen(this.list, "focusin", ({ target }) => this.#stopAt(target)),
    ];
  }

  /** Show these, `{emoji, name}`. */
  show(emoji) {
    this.list.replaceChildren(...emoji.map(entry));
    this.#stopAt(this.#buttons()[0]);
  }

  /** Bring the focus to the first. */
  enter() {
    this.#buttons()[0]?.focus();
  }

  #key(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = this.#moves(buttons, at)[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  #moves(buttons, at) {
    const columns = buttons.filter((button) => button.offsetTop === buttons[0].offsetTop).length;
    const right = rightIn(this.list);
    return { ArrowLeft: at - right, ArrowRight: at + right, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: buttons.length - 1 };
  }

  #stopAt(stop) {
    for (const button of this.#buttons()) button.tabIndex = button === stop ? 0 : -1;
  }

  #buttons() {
    return [...this.list.querySelectorAll("button")];
  }
}

function entry({ emoji, name }) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "emoji-picker__button", value: emoji, title: name, textContent: emoji, tabIndex: -1 });
  if (name) button.setAttribute("aria-label", name);
  const item = document.createElement("li");
  item.append(button);
  return item;
}
