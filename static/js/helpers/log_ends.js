import { slot } from "./dom.js";

const LOAD_AHEAD = "600px 0px"; // before one has scrolled so far

/** Where a log stops on either side: what says so, and what fetches more as one scrolls there. */
export class LogEnds {
  /** What the server's page says of its own stretch. */
  static of(log) {
    return { hasOlder: !slot(log, "older").hidden, hasNewer: !slot(log, "newer").hidden };
  }

  constructor(log, stretch) {
    this.log = log;
    this.stretch = stretch;
    this.older = slot(log, "older");
    this.newer = slot(log, "newer");
    this.observer = new IntersectionObserver((entries) => this.#seen(entries), { root: log, rootMargin: LOAD_AHEAD });
    this.observer.observe(this.older);
    this.observer.observe(this.newer);
  }

  /** Say how it is now. The links are for a click where fetching failed. */
  show({ first, last }) {
    this.older.hidden = !this.stretch.hasOlder;
    slot(this.log, "start").hidden = this.stretch.hasOlder;
    this.newer.hidden = !this.stretch.hasNewer;
    this.older.querySelector("a").search = `?before=${first}`;
    this.newer.querySelector("a").search = `?after=${last}`;
  }

  end() {
    this.observer.disconnect();
  }

  async #seen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) await this.#load(target);
    }
  }

  async #load(end) {
    try {
      await (end === this.older ? this.stretch.loadOlder() : this.stretch.loadNewer());
      // An observer speaks only of changes: an end that is still in sight would be silent.
      this.observer.unobserve(end);
      this.observer.observe(end);
    } catch {
      // The link stays: a click, or the next scroll, tries again.
    }
  }
}
