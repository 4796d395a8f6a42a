import { DOWN } from "../events.js";
import { elementFromServer, listen, slot, tell } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { Announcer } from "../helpers/announcer.js";
import { copyAsTalk } from "../helpers/copying.js";
import { idleLines } from "../helpers/idle_lines.js";
import { JumpButton } from "../helpers/jump_button.js";
import { refreshLine } from "../helpers/line.js";
import { LogEnds } from "../helpers/log_ends.js";
import { LogFocus } from "../helpers/log_focus.js";
import { LogLines } from "../helpers/log_lines.js";
import { markLog, markPending } from "../helpers/log_marks.js";
import { onNewTimes } from "../helpers/new_times.js";
import { PendingList } from "../helpers/pending_list.js";
import { firstVisible, keepPlace, returnTo } from "../helpers/place.js";
import { followQuotes, renewQuotes } from "../helpers/quotes.js";
import { acting, unlessActing } from "../helpers/unless_acting.js";
import { UnreadLine } from "../helpers/unread_line.js";
import { LogWindow } from "../room/log_window.js";

const NEAR_BOTTOM_PX = 80; // still "at the newest line" (behaviour 23)

/** The log of a room. Hears `message:arrived {name, message}`, `outbox:changed`, and `log:renew`, when too much was
 * missed to take it change by change: it leaves the promise of having done so in the event's `renewed`; `log:entered
 * {number}`, the newest number when one came into the room, and `log:marked {number}`, from where on it was marked
 * unread; `log:return {number, below}`, a place one was at before. Tells `log:replaced` when other lines stand there. */
export function mount(log) {
  const list = new MessageList(log);
  const ends = [
    listen(log, "message:arrived", (event) => list.arrived(event.detail)),
    listen(log, "log:renew", ({ detail }) => { detail.renewed = list.renew(); }),
    listen(log, "outbox:changed", (event) => list.outboxChanged(event.detail)),
    listen(log, "log:entered", ({ detail }) => list.entered(detail.number)),
    listen(log, "log:marked", ({ detail }) => list.marked(detail.number)),
    listen(log, "log:return", ({ detail }) => { detail.returned = list.returnTo(detail); }),
    listen(log, "click", (event) => list.clicked(event)),
    followQuotes(log),
    listen(log, "scroll", () => list.scrolled(), { passive: true }),
    listen(list.jump.button, "click", () => list.goToNewest()),
    ...list.focus.listen(),
    copyAsTalk(log),
    onNewTimes(() => list.lookAgain()), // behaviours 32 and 33
    () => list.end(),
  ];
  return () => ends.forEach((end) => end());
}

class MessageList {
  constructor(log) {
    this.log = log;
    this.messages = slot(log, "messages");
    this.lines = new LogLines(this.messages);
    this.jump = new JumpButton(log.parentElement.querySelector('[data-log="jump"]'), log, () => this.focus.goToNewest());
    this.announcer = new Announcer(log.parentElement.querySelector('[data-log="announcer"]'), log.dataset);
    this.pending = new PendingList(log);
    this.window = new LogWindow({ log: this, fetchPage, ...LogEnds.of(log) });
    this.ends = new LogEnds(log, this.window);
    this.focus = new LogFocus(log);
    this.unread = new UnreadLine(log, log.closest('[data-controller="room"]'));
    this.focus.keeping(() => this.#settle());
    this.#open();

    function fetchPage(query) {
      return getJson(`${log.dataset.messagesUrl}?${new URLSearchParams(query)}`);
    }
  }

  end() {
    this.unread.end();
    this.ends.end();
    this.announcer.end();
    this.pending.end();
  }

  /** Put a message where its number belongs, or in the place of its older self. */
  arrived({ name, message }) {
    const wasNearBottom = this.isAtEnd();
    const became = this.window.arrived(message);
    if (message.deleted_at) this.announcer.forget(message.id);
    if (this.#isOwn(message) || message.deleted_at) return;
    const isBeyond = became === "beyond" && name === DOWN.MESSAGE_POSTED; // not an old one that was reacted to
    const isNew = isBeyond || became === "added";
    if (isNew) this.unseen += 1;
    if (isNew && !wasNearBottom) this.jump.count(message.number);
    if (became === "added") this.announcer.say(message.author.name, this.lines.of(message.id));
  }

  /** What arrives in the same breath was unread when one came. (behaviour 21) */
  entered(number) {
    for (const each of [this.unread, this.announcer]) each.entered(number);
    const wasThere = this.unread.element.isConnected;
    queueMicrotask(() => {
      this.lookAgain();
      if (!wasThere) this.unread.show();
    });
  }

  marked(number) {
    this.unread.mark(number);
    this.lookAgain();
  }

  /** The same lines may stand otherwise now. */
  lookAgain() {
    this.#change(() => {});
  }

  /** Read anew what stands here, and say how much is new. */
  async renew() {
    const last = this.last();
    const newest = await this.window.renew();
    const count = Math.max(0, newest - last);
    this.announcer.sayMany(last, newest);
    this.jump.countMany(count, { newest, isSeen: this.isAtEnd() });
    this.lookAgain(); // the way to newer ones may have appeared below
  }

  /** Where one was, also when that is in no line that stands here. Who has begun to do something at the newest stays
   * there. Without an answer one is only waiting there: resolves when one is back, or does something. */
  async returnTo({ number, below }) {
    const show = (isWanted) => this.window.showAround(number, isWanted);
    if (!this.lines.numbered(number) && !(await unlessActing(this.log, show))) return;
    const line = this.lines.numbered(number);
    if (line) returnTo(this.log, line, below);
    this.jump.show(this.isAtEnd() ? 0 : this.unseen);
    if (!line) await acting();
  }

  outboxChanged(entry) {
    const isSent = entry.state === "sent";
    const isBeyond = isSent && this.window.hasNewer; // its place is after a page of the past
    if (isBeyond && !entry.isOld) this.#leaveThePast();
    // One whose text was changed is still on its way while its former text stands in the log.
    const isThere = this.lines.sentAs(entry.clientId) && (isSent || !entry.isAmended);
    const shown = isThere || (isBeyond && entry.isOld) ? { ...entry, state: "gone" } : entry;
    if (this.pending.isAs(shown)) return;
    const isBegun = entry.state === "queued" && !this.pending.waits(entry.clientId); // else another reason is told
    const wasAtEnd = this.isAtEnd();
    this.#hold(() => { this.pending.show(shown); markPending(this.log, this.messages, this.pending.list); });
    if (isBegun && entry.tries === 0 && !entry.isOld && !wasAtEnd) this.#goToEnd();
  }

  clicked(event) {
    const action = event.target.closest("[data-action]")?.dataset.action;
    const clientId = event.target.closest("[data-client-id]")?.dataset.clientId;
    if (action && clientId) tell(this.log, `outbox:${action}`, { clientId });
  }

  scrolled() {
    if (this.isAtEnd()) this.jump.show(0);
  }

  goToNewest() {
    if (!this.window.hasNewer) this.#goToEnd();
    else if (this.isHeld()) this.lines.held().querySelector("textarea").focus(); // what has to be finished first
    else this.#leaveThePast();
  }

  #goToEnd() {
    this.log.scrollTop = 0; // the log is reversed: 0 is its end
    if (!this.window.hasNewer) this.jump.show(0);
  }

  // What the window asks of the log

  first() {
    return this.lines.first();
  }

  last() {
    return this.lines.last();
  }

  count() {
    return this.lines.all().length;
  }

  versionOf(id) {
    const shown = this.lines.of(id);
    return shown && Number(shown.dataset.version);
  }

  isAtEnd() {
    return !this.window.hasNewer && Math.abs(this.log.scrollTop) < NEAR_BOTTOM_PX;
  }

  /** An edit that is being written is in no page of the server's. */
  isHeld() {
    return this.lines.held() !== null;
  }

  add(message) {
    this.#change(() => {
      this.pending.remove(message.client_id);
      this.messages.insertBefore(elementFromServer(message.html), this.lines.nextOf(message.number));
    });
  }

  change(message) {
    this.#change(() => refreshLine(this.lines.of(message.id), elementFromServer(message.html)));
  }

  requote(message) {
    renewQuotes(this.log, message);
  }

  prepend(messages) {
    this.#change(() => this.messages.prepend(...this.#freshLines(messages)));
  }

  append(messages) {
    // Also at the end of a page of the past: one goes on reading there.
    this.#change(() => this.messages.append(...this.#freshLines(messages)), this.#firstVisible());
  }

  dropFirst(count) {
    return this.#drop(idleLines(this.log, this.lines.all(), count));
  }

  dropLast(count) {
    return this.#drop(idleLines(this.log, this.lines.all().reverse(), count));
  }

  replaceAll(messages) {
    this.focus.keeping(() => {
      this.messages.replaceChildren(...this.#freshLines(messages));
      tell(this.log, "log:replaced");
      this.#settle();
    });
    this.#goToEnd();
  }

  #drop(lines) {
    if (lines.length === 0) return false;
    this.#change(() => {
      for (const line of lines) line.remove();
      tell(this.log, "log:replaced");
    });
    return true;
  }

  #freshLines(messages) {
    for (const message of messages) this.pending.remove(message.client_id);
    return messages.map((message) => this.#freshLine(message));
  }

  /** A new line, but for one in which somebody is writing. */
  #freshLine({ id, html }) {
    const shown = this.lines.of(id);
    return shown?.querySelector(".edit-box") ? refreshLine(shown, elementFromServer(html)) : elementFromServer(html);
  }

  /** At the end, stay at the end; elsewhere what is read stays where it is. */
  #change(change, anchor) {
    this.#hold(() => { change(); this.#settle(); }, anchor);
  }

  #hold(change, anchor = this.isAtEnd() ? null : this.#firstVisible()) {
    this.focus.keeping(() => keepPlace(this.log, anchor, change));
  }

  #firstVisible() {
    return firstVisible(this.log, this.lines.all()); // days are made anew with each change: only messages stay
  }

  /** At the first unread message, unless the address names another: then the button says how many there are. */
  #open() {
    if (!location.hash) this.unread.show();
    this.unseen = Number(this.log.dataset.unread); // and what comes then: by who is still to come back to a place further up
    this.jump.show(this.isAtEnd() ? 0 : this.unseen);
  }

  #settle() {
    this.unread.settle(this.lines.all());
    markLog(this.log, this.messages, this.pending.list);
    this.ends.show({ first: this.first(), last: this.last() });
    this.log.dataset.lastNumber = this.last();
    this.jump.settle(this.window.hasNewer);
  }

  #isOwn(message) {
    return String(message.author.id) === this.log.dataset.me;
  }

  /** From a page of the past to the newest, in place: what stands in the box stays. */
  async #leaveThePast() {
    try {
      await this.window.showNewest();
      if (this.window.hasNewer || !this.log.isConnected) return;
      history.replaceState(history.state, "", location.pathname);
      this.jump.show(0);
    } catch {
      // Without an answer the past stays; the button too.
    }
  }
}
