import { listen } from "./dom.js";
import { rightIn } from "./keys.js";

/** A row of buttons as one stop of the Tab key: Left, Right, Home and End go from one to the next. */
export class Toolbar {
  constructor(element, button) {
    this.element = element;
    this.button = button; // the selector of what stands in the row
  }

  listen() {
    return [
      listen(this.element, "keydown", (event) => this.#key(event)),
      listen(this.element, "focusin", ({ target }) => this.#stopAt(target)),
    ];
  }

  /** Which of them are offered has changed. */
  settle() {
    this.#stopAt(this.element.contains(document.activeElement) ? document.activeElement : this.#buttons()[0]);
  }

  /** Bring the focus to the first of them. */
  enter() {
    this.#buttons()[0]?.focus();
  }

  #key(event) {
    const buttons = this.#buttons();
    const at = buttons.indexOf(document.activeElement);
    const right = rightIn(this.element);
    const to = { ArrowLeft: at - right, ArrowRight: at + right, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  }

  #stopAt(stop) {
    for (const button of this.element.querySelectorAll(this.button)) button.tabIndex = button === stop ? 0 : -1;
  }

  #buttons() {
    return [...this.element.querySelectorAll(`${this.button}:not([hidden])`)];
  }
}
