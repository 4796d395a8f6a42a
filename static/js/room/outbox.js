import { newClientId } from "./client_id.js";
import { delay as wait } from "./delay.js";
import { Reasons, isFirstGone, isForNow, isUntilBack, refused, restMs } from "./refusals.js";

const TAKE_OVER_MS = 2000; // what another tab wrote and has not sent by then, it may never send
const KNOCK_MS = 1000; // before a try while nothing gets through; doubled each time
const KNOCK_MAX_MS = 15_000; // as the socket's own
const STRAY_MS = 60_000; // a try that nobody answered may still reach the server within this

/**
 * What was written and is not known to be stored: in order, one in flight per room, always under one client id, so
 * that any number of tries is one message. The truth is the `store`, which outlives the page and is shared by all tabs
 * of one person; each step is written there before it is done. Owns no element: `wire` posts, edits, erases and finds
 * messages or rejects with a RequestError; `exclusively(room id, work)` keeps the other tabs out meanwhile;
 * `changed(entry, ack)` hears of every new state: queued, sending, sent, failed, gone. Of one that waits it also hears
 * why: the server's sentence as `reason`, and the error's code as `waitsFor`.
 */
export class Outbox {
  #fresh = new Set(); // client ids of what was written on this page
  #flushing = new Set(); // room ids
  #wanted = new Set();
  #reasons = new Reasons();
  #returns = 0; // how often the connection came back
  #failures = 0; // tries since the last answer
  #isKnocking = false;

  constructor({ store, wire, exclusively, changed, epoch = "", restored = "", isHeld = () => false, delay = wait, now = Date.now }) {
    Object.assign(this, { store, wire, exclusively, changed, epoch, restored, isHeld, delay, now });
  }

  /** Show what was written before, and send it. */
  start() {
    for (const entry of this.store.entries()) {
      if (this.#isOver(entry)) this.store.remove(entry.clientId);
      else this.#show(this.#checked(entry));
    }
    this.resume();
  }

  /** Say anew what waits for this room: somebody has begun to look at it. */
  tellOf(roomId) {
    for (const entry of this.store.entries()) if (entry.roomId === roomId) this.#show(entry);
  }

  /**
   * Take a text in, keep it, and send it as soon as it is its turn. One that was taken back comes in again under its
   * `clientId`: it may be stored already, with its former text. One that `isNew` has its id from before, so that its
   * draft knows it. `since` is a version of the room from before, `replyTo` the number of the message that it answers,
   * `uploads` the files that go with it, which the server has already; one that was taken back keeps its own otherwise.
   */
  post(roomId, body, { clientId = null, isNew = clientId === null, since = 0, replyTo = null, uploads = null } = {}) {
    const former = isNew ? null : (this.store.get(clientId) ?? { since, isTried: true });
    const entry = {
      clientId: clientId ?? newClientId(), roomId, body, replyTo, uploads: uploads ?? former?.uploads ?? [],
      epoch: this.epoch, since: former?.since ?? since,
      state: "queued", reason: "", tries: 0, isTried: former?.isTried ?? false, isAmended: Boolean(former),
      at: this.store.nextTime(this.now()), triedAt: former?.triedAt ?? 0,
    };
    this.store.put(entry);
    this.#fresh.add(entry.clientId);
    this.#tell(entry, "queued");
    this.#flush(roomId);
    return entry;
  }

  /** The message came by the stream: it is stored, whatever becomes of the ack. */
  settle(clientId) {
    const entry = this.store.get(clientId);
    if (!entry) return;
    if (entry.isDiscarded) this.#requeue(entry);
    // One that was changed here may stand there with any of its texts: the server's own answer decides.
    else if (!entry.isAmended) this.#sent(entry, null);
  }

  /** Send one again, now. */
  retry(clientId) {
    const entry = this.store.get(clientId);
    if (!entry || entry.isDiscarded) return;
    this.#fresh.add(clientId);
    if (entry.state === "failed") this.#keep({ ...entry, state: "queued", reason: "", tries: 0, epoch: this.epoch });
    this.#returns += 1;
    this.#flush(entry.roomId);
  }

  /** Take one back to change it: it is kept as it is, and not sent, until it is posted again or discarded. */
  hold(clientId) {
    const entry = this.store.get(clientId);
    if (!entry || entry.isDiscarded) return null;
    this.store.put({ ...entry, state: "failed" });
    this.#tell(entry, "gone");
    return entry;
  }

  /** Let one go. Should it turn out to be stored, it is deleted. */
  discard(clientId) {
    const entry = this.store.get(clientId);
    if (!entry) return;
    this.#keep({ ...entry, state: "queued", isDiscarded: true });
    if (entry.isTried) this.#flush(entry.roomId);
    else this.store.remove(clientId);
  }

  /** Look at once for what was let go, while one may still delete it. Resolves when that is done, or cannot be. */
  async withdraw() {
    await Promise.all(this.store.discarded().map((entry) => this.#erase(entry).catch(() => {})));
  }

  /** The connection is back. */
  resume() {
    this.#returns += 1;
    for (const entry of this.store.entries()) if (entry.state === "stray") this.store.put({ ...entry, state: "queued" });
    for (const roomId of new Set(this.store.queued().map((entry) => entry.roomId))) this.#flush(roomId);
  }

  /** Another tab has changed one; `former` is what it was when it was removed. */
  async noticed({ clientId, former }) {
    const entry = this.store.get(clientId);
    if (entry) this.#show(entry);
    else if (former) this.#tell(former, former.isDiscarded || former.isRenamed ? "gone" : "sent");
    if (entry?.state !== "queued") return;
    await this.delay(TAKE_OVER_MS);
    if (this.store.get(clientId)) this.#flush(entry.roomId);
  }

  /** Whether the page may go: nothing waits to be sent, and nothing would go with it. */
  get isIdle() {
    return this.store.unsent().every((entry) => entry.state === "failed" && this.store.isKept(entry.clientId));
  }

  async #flush(roomId) {
    this.#wanted.add(roomId);
    if (this.#flushing.has(roomId)) return;
    this.#flushing.add(roomId);
    while (this.#wanted.delete(roomId)) await this.#takeTurn(roomId);
    this.#flushing.delete(roomId);
  }

  /** What alone waits in its room and was just written here no other tab can be sending: it leaves at once. */
  async #takeTurn(roomId) {
    const ahead = this.#isFirst(roomId) ? this.#sendNext(roomId) : null;
    await Promise.all([ahead, this.exclusively(roomId, () => ahead ?? this.#sendNext(roomId))]);
  }

  #isFirst(roomId) {
    const [first, ...others] = this.store.queued(roomId);
    return first?.tries === 0 && this.#fresh.has(first.clientId) && others.length === 0;
  }

  /** One, and then the next tab's turn: who waits for it too long stops waiting. */
  async #sendNext(roomId) {
    // A refused head steps aside: the next does not wait for its writer's decision.
    const [entry] = this.store.queued(roomId);
    if (!entry) return;
    if (await this.#try(entry)) this.#wanted.add(roomId);
    else this.#wanted.delete(roomId); // the others would fare no better now
  }

  /** Try once. Resolves to whether the room's queue goes on now. */
  async #try(entry) {
    const returns = this.#returns;
    try {
      await (entry.isDiscarded ? this.#erase(entry) : this.#send(entry));
      this.#failures = 0;
      this.#explain(entry.roomId, null);
      return true;
    } catch (error) {
      return this.#recover(entry, error, returns);
    }
  }

  async #send(entry) {
    // Before it leaves: should the tab end now, it must not look as if nobody had ever seen it.
    const tried = { ...entry, tries: entry.tries + 1, isTried: true, triedAt: this.now() };
    this.store.put(tried);
    this.#tell(tried, "sending");
    const ack = await this.wire.post(tried);
    const edit = await this.#amend(tried, ack);
    const entryNow = this.store.get(tried.clientId);
    // Gone: the stream or another tab was faster. Another text, or let go: its turn comes again.
    if (entryNow?.body === tried.body && !entryNow.isDiscarded) this.#sent(entryNow, { ...ack, ...edit });
  }

  /**
   * The server has had one whose text was changed here since, with one text or another. It is not asked which: an edit
   * to what stands there already changes nothing. One that was not changed here may have been edited elsewhere.
   */
  async #amend(tried, { id, version, duplicate }) {
    const entry = this.store.get(tried.clientId);
    const isNewer = duplicate && entry?.isAmended && entry.body === tried.body && !entry.isDiscarded;
    return isNewer ? this.wire.edit(id, entry.body, version) : null;
  }

  async #erase(entry) {
    const found = await this.wire.find(entry);
    if (found) await this.wire.erase(found.id);
    else if (this.now() - entry.triedAt < STRAY_MS) return void this.store.put({ ...entry, state: "stray" });
    this.store.remove(entry.clientId);
  }

  async #recover(before, error, returns) {
    const entry = this.store.get(before.clientId);
    if (!entry) return true;
    const isAgain = isUntilBack(error) || isForNow(error, entry);
    this.#explain(entry.roomId, isAgain ? error : null);
    if (isUntilBack(error)) {
      this.#show(entry);
      this.#knock();
      return returns < this.#returns; // it came back while this try was failing
    }
    if (!isAgain) this.#refused(before, entry, error);
    else if (restMs(error)) await this.delay(restMs(error));
    return true;
  }

  /** Say why the room waits, to all that wait there: it does not any more where there is no error. */
  #explain(roomId, error) {
    if (this.#reasons.note(roomId, error)) for (const entry of this.store.queued(roomId)) this.#show(entry);
  }

  #refused(before, entry, error) {
    if (before.isDiscarded && entry.isDiscarded) return this.#giveUp(entry, error.code);
    if (before.isDiscarded || entry.isDiscarded || entry.body !== before.body) return; // said of what it was before
    const failed = refused(entry, before, error);
    this.#keep(isFirstGone(error) ? this.#renamed(failed) : failed);
  }

  /** It could be neither found nor deleted: it is gone already, or with a room that is closed to us. */
  #giveUp(entry, code) {
    if (code === "internal_error") this.store.put({ ...entry, state: "stray" });
    else this.store.remove(entry.clientId);
  }

  /** What it was to change is not there any more: from here on it is a message of its own. */
  #renamed(entry) {
    const clientId = newClientId();
    if (this.#fresh.has(entry.clientId)) this.#fresh.add(clientId);
    this.store.put({ ...entry, clientId, isTried: false, isAmended: false });
    this.store.put({ ...entry, isRenamed: true }); // said first: other tabs must not take it for sent
    this.store.remove(entry.clientId);
    this.#tell(entry, "gone");
    return this.store.get(clientId);
  }

  /** Nothing gets through. A connection that comes back says so; where no socket can connect, nobody does. */
  async #knock() {
    if (this.#isKnocking) return;
    this.#isKnocking = true;
    const ms = Math.min(KNOCK_MAX_MS, KNOCK_MS * 2 ** this.#failures);
    this.#failures += 1;
    await this.delay(ms * (0.5 + Math.random())); // all who lost the server must not come at once
    this.#isKnocking = false;
    this.resume();
  }

  #requeue(entry) {
    this.store.put({ ...entry, state: "queued" });
    this.#flush(entry.roomId);
  }

  /** Nobody misses it, and nothing is left to do: in a restored server there is nothing of it to be found. */
  #isOver(entry) {
    return entry.isRenamed || (entry.isDiscarded && entry.epoch !== this.epoch);
  }

  /** The server was restored since: its rooms may have other numbers now. Its writer decides. */
  #checked(entry) {
    if (entry.epoch === this.epoch || entry.state === "failed") return entry;
    const failed = { ...entry, state: "failed", reason: this.restored };
    this.store.put(failed);
    return failed;
  }

  #sent(entry, ack) {
    this.store.remove(entry.clientId);
    this.#tell(entry, this.#isInBox(entry) ? "gone" : "sent", ack);
  }

  #keep(entry) {
    this.store.put(entry);
    this.#show(entry);
  }

  #show(entry) {
    this.#tell(entry, entry.isDiscarded || entry.isRenamed || this.#isInBox(entry) ? "gone" : entry.state);
  }

  /** Its text is being changed. One that is on its way has just left the box, and other tabs may still see it there. */
  #isInBox(entry) {
    return entry.state === "failed" && this.isHeld(entry.clientId);
  }

  #tell(entry, state, ack = null) {
    const isOld = !this.#fresh.has(entry.clientId);
    const why = state === "queued" || state === "sending" ? this.#reasons.of(entry.roomId) : null;
    this.changed({ ...entry, ...why, state, isOld, isKept: this.store.isKept(entry.clientId) }, ack);
  }
}
