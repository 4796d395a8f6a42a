import { delay as wait } from "./delay.js";

const HOLD_MS = 300; // two workers' events cross within this
const RETRY_MS = 2000; // after a fetch that failed; the server's own tick is as long
const FAR_CHANGES = 1000; // further behind, one page of what is shown costs less than all that was missed
const FINAL = new Set(["room_not_found", "signed_out"]); // asking again would change nothing
const AHEAD = "cursor_ahead"; // the server was restored to an earlier state

/**
 * One room's changes in their one order, each once: `prev <= cursor < version` is applied, older is dropped, ahead is
 * held until the gap is fetched. Owns no element, knows no clock and no network: `apply(name, message)`,
 * `fetchChanges(since)`, `renew()` (read anew all that is shown), `reload()` (what we hold is of another time) and
 * `delay(ms)` are handed in.
 */
export class RoomStream {
  #held = [];
  #head = 0; // the newest version we have heard of: below it something is missing
  #opening = false;
  #filling = null; // the promise of the fetching that is under way
  #waiting = false;
  #ended = false;

  constructor({ cursor, epoch, apply, fetchChanges, renew, reload, delay = wait, farChanges = FAR_CHANGES }) {
    Object.assign(this, { cursor, epoch, apply, fetchChanges, renew, reload, delay, farChanges });
  }

  /** From here to `opened`, events are held: they may arrive before the answer that says where they fit. */
  opening() {
    this.#opening = true;
  }

  /** The answer to `room:open`, with what was missed since the cursor that was sent. */
  opened(answer) {
    this.#opening = false;
    this.#hear(answer.version);
    const isWhole = !this.#takePage({ up_to: this.cursor, ...answer });
    if (isWhole || this.#filling) this.#drain();
    else this.#fill(); // known to be missing: nothing to wait for
  }

  /** The answer was an error instead. What is missing is asked for when the room opens the next time. */
  refused(error) {
    if (error.code === AHEAD) this.#giveUp();
  }

  /** One event from the wire. */
  receive(name, payload) {
    this.#held.push({ name, payload });
    this.#drain();
  }

  /** Something is known to stand at `version`; if it does not arrive by itself, it is fetched. */
  expect(version) {
    this.#hear(version);
    this.#drain();
  }

  /** Ask the server now, without a sign that something is missing. Resolves to why it could not be asked, or null. */
  look() {
    return this.#ended ? Promise.resolve(null) : this.#fill();
  }

  /** Nothing is applied or fetched any more. */
  end() {
    this.#ended = true;
    this.#held = [];
  }

  #hear(version) {
    this.#head = Math.max(this.#head, version);
  }

  #drain(patienceMs = HOLD_MS) {
    if (this.#opening || this.#filling || this.#ended) return;
    this.#held.sort((one, other) => one.payload.version - other.payload.version);
    while (this.#held.length > 0 && this.#held[0].payload.prev <= this.cursor) this.#take(this.#held.shift());
    if (this.#isBehind()) this.#fillAfter(patienceMs);
  }

  #take({ name, payload }) {
    if (payload.version <= this.cursor) return;
    this.cursor = payload.version;
    this.apply(name, payload);
  }

  #isBehind() {
    return this.#held.length > 0 || this.cursor < this.#head;
  }

  async #fillAfter(ms) {
    if (this.#waiting) return;
    this.#waiting = true;
    await this.delay(ms);
    this.#waiting = false;
    if (!this.#ended && !this.#opening && !this.#filling && this.#isBehind()) await this.#fill();
  }

  #fill() {
    this.#filling ??= this.#fetchAll();
    return this.#filling;
  }

  async #fetchAll() {
    const before = this.cursor;
    const failure = await this.#fetchPages();
    this.#filling = null;
    // Without a step ahead it would ask three times a second, for ever.
    if (!failure) this.#drain(this.cursor > before ? HOLD_MS : RETRY_MS);
    else if (failure.code === AHEAD) this.#giveUp();
    else if (!FINAL.has(failure.code)) this.#fillAfter(RETRY_MS);
    return failure;
  }

  async #fetchPages() {
    try {
      while (await this.#fetchPage()) continue;
      return null;
    } catch (error) {
      return error;
    }
  }

  async #fetchPage() {
    if (!this.#isFarBehind()) return this.#takePage(await this.fetchChanges(this.cursor));
    const head = this.#newest();
    await this.renew(); // read after `head` was heard of: all up to there is in it
    if (!this.#ended) this.cursor = Math.max(this.cursor, head);
    return false;
  }

  #isFarBehind() {
    return this.#newest() - this.cursor > this.farChanges;
  }

  #newest() {
    return Math.max(this.#head, ...this.#held.map(({ payload }) => payload.version));
  }

  /** Apply a page of changes. Returns whether more of them wait. */
  #takePage({ epoch, items = [], up_to: upTo = 0, head = 0, more = false }) {
    if (this.#ended || this.#isOfAnotherEpoch(epoch)) return false;
    this.#hear(head);
    if (more && this.#isFarBehind()) return true; // its first changes are not worth the way to its last
    for (const item of items) this.#take({ name: item.event ?? "message:posted", payload: item });
    this.cursor = Math.max(this.cursor, upTo);
    return more;
  }

  #isOfAnotherEpoch(epoch) {
    if (epoch === undefined || epoch === this.epoch) return false;
    this.#giveUp();
    return true;
  }

  /** The database was restored: versions from before mean something else now. */
  #giveUp() {
    if (this.#ended) return;
    this.end();
    this.reload();
  }
}
