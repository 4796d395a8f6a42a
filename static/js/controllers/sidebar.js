import { listen } from "../helpers/dom.js";
import { RovingList } from "../helpers/roving_list.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/** The rooms beside the one that one is in: that one is marked, and the one that Tab reaches; Up and Down walk on from there.
 * Alt with Up or Down goes to the next, and with Shift to the next that has something unread. (behaviour 63) */
export function mount(nav) {
  const sidebar = new Sidebar(nav);
  const ends = [
    listen(document, "room:asked", (event) => { sidebar.goal = String(event.detail.roomId); }),
    listen(document, "room:entered", (event) => sidebar.entered(event.detail.roomId)),
    listen(nav, "room-list:filled", () => sidebar.mark()),
    listen(document, "keydown", (event) => sidebar.key(event)),
    ...sidebar.walk.listen(),
  ];
  sidebar.walk.settle();
  return () => ends.forEach((end) => end());
}

class Sidebar {
  constructor(nav) {
    this.nav = nav;
    this.roomId = nav.querySelector(".room-entry:has([aria-current])")?.dataset.roomId;
    this.goal = this.roomId; // where one is going: pressed twice, the key means the room after the next
    this.walk = new RovingList(nav, { links: () => this.#entries().map(linkOf), home: () => linkOf(this.#current()) });
  }

  entered(roomId) {
    this.goal = this.roomId = String(roomId);
    this.mark();
    this.#current()?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    for (const entry of this.#entries()) {
      if (entry.dataset.roomId === this.roomId) linkOf(entry).setAttribute("aria-current", "page");
      else linkOf(entry).removeAttribute("aria-current");
    }
    this.walk.settle();
  }

  key(event) {
    const step = event.altKey && !event.ctrlKey && !event.metaKey && STEPS[event.key];
    // Not while composing; 229 is what Safari gives away of it (behaviour 2). A dialog has the page for itself.
    if (!step || event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const next = this.#next(step, event.shiftKey);
    if (next) linkOf(next).click();
  }

  /** After the last comes the first again. */
  #next(step, isUnreadOnly) {
    const entries = this.#entries();
    const here = entries.findIndex((entry) => entry.dataset.roomId === this.goal);
    const start = here < 0 && step < 0 ? entries.length : here;
    const inOrder = entries.map((_, index) => entries[(start + step * (index + 1) + 2 * entries.length) % entries.length]);
    return inOrder.find((entry) => entry !== entries[here] && (!isUnreadOnly || entry.matches(".room-entry--unread")));
  }

  #current() {
    return this.#entries().find((entry) => entry.dataset.roomId === this.roomId);
  }

  #entries() {
    return [...this.nav.querySelectorAll(".room-entry")];
  }
}

function linkOf(entry) {
  return entry?.querySelector("a");
}
