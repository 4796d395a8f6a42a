const PAGE = 50; // messages fetched at a time
const PAGE_MAX = 200; // as many as the server gives at once
const LINES_MAX = 400; // that stand in the log; a page more are let be, so as not to cut with each message (behaviour 26)

/**
 * The part of a room's history that stands in the log: one stretch without a hole, every message in its newest state.
 * It grows by pages and by what arrives, and is cut at the far side. Owns no element and no network: `log` shows
 * (`first()`, `last()`, `count()`, `versionOf(id)`, `isAtEnd()`, `isHeld()`: somebody writes in it, `add`, `change`,
 * `requote`, `prepend`, `append`, `replaceAll`, and `dropFirst(count)`, `dropLast(count)`, which drop fewer where a line
 * is in use, and say whether any), `fetchPage(query)` asks.
 */
export class LogWindow {
  #late = null; // what arrived while a page was on its way: the page may have been read before it
  #turn = Promise.resolve();
  #isLoading = false;

  constructor({ log, fetchPage, hasOlder, hasNewer }) {
    Object.assign(this, { log, fetchPage, hasOlder, hasNewer });
  }

  /** Show a message if its place is here: `added`, `changed`, `beyond` (after a page of the past), else `elsewhere`. */
  arrived(message) {
    this.#late?.push(message);
    return this.#put(message);
  }

  /** Fetch what stands before the first line. */
  loadOlder() {
    return this.#loadOnce(async () => {
      const { items, more } = await this.fetchPage({ before: this.log.first(), limit: PAGE });
      this.hasOlder = more;
      this.log.prepend(items);
      this.#cutNewer();
    });
  }

  /** Fetch what stands after the last line. */
  loadNewer() {
    return this.#loadOnce(async () => {
      if (!this.hasNewer) return; // by now: the newest page came in between
      const { items, more } = await this.fetchPage({ after: this.log.last(), limit: PAGE });
      this.hasNewer = more;
      this.log.append(items);
      this.#cutOlder();
    });
  }

  /** The newest messages in place of what stands here, unless somebody writes in that. */
  showNewest() {
    return this.#inTurn(() => this.#fetchNewest());
  }

  /** The messages around this number in place of what stands here, unless somebody writes in that, or by then nobody
   * wants them any more. */
  showAround(number, isWanted) {
    return this.#inTurn(() => this.#fetchAround(number, isWanted));
  }

  /**
   * Read anew what stands here, when too much was missed to take it change by change. Who reads at the end gets the
   * newest page; who reads further up keeps the place. Whatever was committed before the call is in it afterwards.
   * Resolves to the room's newest number.
   */
  renew() {
    return this.#inTurn(() => (this.hasNewer || !this.log.isAtEnd() ? this.#fetchShown() : this.#fetchNewest()));
  }

  #put(message) {
    const became = this.#place(message);
    this.log.requote(message); // also one whose line stays as it is: what it answers may have changed
    return became;
  }

  #place(message) {
    const shown = this.log.versionOf(message.id);
    if (shown !== null) return this.#change(message, shown);
    if (this.#isInside(message)) {
      this.log.add(message);
      if (this.log.isAtEnd()) this.#cutOlder();
      else this.#cutNewer();
      return "added";
    }
    return message.number > this.log.last() ? "beyond" : "elsewhere";
  }

  /** What is cut comes back by scrolling there, or with the newest page. */
  #cutNewer() {
    if (this.#isLong() && this.log.dropLast(this.log.count() - LINES_MAX)) this.hasNewer = true;
  }

  #cutOlder() {
    if (this.#isLong() && this.log.dropFirst(this.log.count() - LINES_MAX)) this.hasOlder = true;
  }

  #isLong() {
    return this.log.count() > LINES_MAX + PAGE;
  }

  #change(message, shown) {
    if (shown >= message.version) return "elsewhere"; // a page brought it already
    this.log.change(message);
    return "changed";
  }

  #isInside({ number }) {
    return !(this.hasOlder && number < this.log.first()) && !(this.hasNewer && number > this.log.last());
  }

  async #fetchNewest() {
    const { items, more } = await this.fetchPage({ limit: PAGE });
    if (this.log.isHeld()) return this.#fetchShown(); // only now: one may have begun to write meanwhile
    this.hasOlder = more;
    this.hasNewer = false;
    this.log.replaceAll(items);
    return this.log.last();
  }

  async #fetchAround(number, isWanted) {
    const after = Math.max(0, number - PAGE / 2); // not `around`: that is none where the message is gone
    const { items, more } = await this.fetchPage({ after, limit: PAGE });
    if (this.log.isHeld() || items.length === 0 || !isWanted()) return;
    this.hasOlder = after > 0; // where there are none after all, the page before says so
    this.hasNewer = more;
    this.log.replaceAll(items);
  }

  async #fetchShown() {
    let page = { items: [], more: true };
    for (let number = this.log.first() - 1; number < this.log.last() && page.more; number = page.items.at(-1).number) {
      page = await this.fetchPage({ after: number, limit: PAGE_MAX });
      for (const item of page.items) if (item.number <= this.log.last()) this.#put(item);
    }
    this.hasNewer = page.more;
    if (!page.more) this.log.append(page.items.filter((item) => item.number > this.log.last()));
    return page.more ? (await this.fetchPage({ limit: 1 })).items[0].number : this.log.last();
  }

  async #loadOnce(work) {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      await this.#inTurn(work);
    } finally {
      this.#isLoading = false;
    }
  }

  /** One after the other: a page that was asked for by the old first line does not fit before a new one. */
  #inTurn(work) {
    const turn = this.#turn.then(() => this.#remembering(work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #remembering(work) {
    this.#late = [];
    try {
      const result = await work();
      for (const message of this.#late) this.#put(message);
      return result;
    } finally {
      this.#late = null;
    }
  }
}
