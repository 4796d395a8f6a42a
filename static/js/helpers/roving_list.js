import { listen } from "./dom.js";
import { isBare } from "./keys.js";

/**
 * A column of links as one stop of the Tab key: Up, Down, Home and End go from one to the next. `links()` are all of them,
 * in their order; `home()` is the one that Tab reaches while the focus is elsewhere.
 */
export class RovingList {
  constructor(element, { links, home }) {
    Object.assign(this, { element, links, home });
  }

  /** What ends it stands in the list. */
  listen() {
    return [
      listen(this.element, "keydown", (event) => this.#key(event)),
      listen(this.element, "focusin", () => this.settle()),
      listen(this.element, "focusout", ({ relatedTarget }) => this.#stopAt(this.links().includes(relatedTarget) ? relatedTarget : this.home())),
    ];
  }

  /** Which links there are, or which of them is home, has changed. */
  settle() {
    this.#stopAt(this.links().find((link) => link === document.activeElement) ?? this.home());
  }

  #key(event) {
    const links = this.links();
    const at = links.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined || !isBare(event, event.key)) return;
    event.preventDefault(); // at the ends, too: the page would scroll
    links[to]?.focus();
  }

  #stopAt(stop) {
    const links = this.links();
    const only = stop ?? links[0];
    for (const link of links) {
      const tabIndex = link === only ? 0 : -1;
      if (link.tabIndex !== tabIndex) link.tabIndex = tabIndex;
    }
  }
}
