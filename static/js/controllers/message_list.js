import { elementFromServer, fill, listen, slot, tell } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { Announcer } from "../helpers/announcer.js";
import { markLog } from "../helpers/log_marks.js";
import { PendingList } from "../helpers/pending_list.js";

const NEAR_BOTTOM_PX = 80; // still "at the newest line" (behaviour 23)
const PAGE = 50; // messages fetched at a time
const LOAD_AHEAD = "600px 0px 0px 0px";

/** The log of a room. Hears `message:arrived {name, message}` and `outbox:changed`. */
export function mount(log) {
  const list = new MessageList(log);
  const ends = [
    listen(log, "message:arrived", (event) => list.arrived(event.detail.message)),
    listen(log, "outbox:changed", (event) => list.outboxChanged(event.detail)),
    listen(log, "click", (event) => list.clicked(event)),
    listen(log, "scroll", () => list.scrolled(), { passive: true }),
    listen(list.jump, "click", () => list.goToNewest()),
    () => list.end(),
  ];
  return () => ends.forEach((end) => end());
}

class MessageList {
  #unseen = 0;
  #isLoading = false;

  constructor(log) {
    this.log = log;
    this.messages = slot(log, "messages");
    this.hasNewer = log.dataset.hasNewer === "true";
    this.jump = log.parentElement.querySelector('[data-log="jump"]');
    this.announcer = new Announcer(log.parentElement.querySelector('[data-log="announcer"]'), log.dataset);
    this.pending = new PendingList(log);
    this.#settle();
    this.#watchTop();
  }

  end() {
    this.observer?.disconnect();
    this.announcer.end();
    this.pending.end();
  }

  /** Put a message where its number belongs, or in the place of its older self. */
  arrived(message) {
    const shown = this.messages.querySelector(`[data-message-id="${message.id}"]`);
    if (shown) this.#replace(shown, message);
    else if (this.#belongsHere(message)) this.#add(message);
    else if (this.hasNewer) this.#count(message);
  }

  outboxChanged(entry) {
    if (entry.state === "sent" && this.hasNewer) return this.#leaveThePast();
    if (entry.state !== "sent" || !this.#shownOf(entry.clientId)) this.#showPending(entry);
    if (entry.state === "queued" && entry.tries === 0) this.#goToEnd();
  }

  #showPending(entry) {
    this.#keepingPlace(() => {
      this.pending.show(entry);
      this.#settle();
    });
  }

  clicked(event) {
    const action = event.target.closest("[data-action]")?.dataset.action;
    const clientId = event.target.closest("[data-client-id]")?.dataset.clientId;
    if (action && clientId) tell(this.log, `outbox:${action}`, { clientId });
  }

  scrolled() {
    if (this.#isNearBottom() && !this.hasNewer) this.#showUnseen(0);
  }

  goToNewest() {
    if (this.hasNewer) this.#leaveThePast();
    else this.#goToEnd();
  }

  #goToEnd() {
    this.log.scrollTop = 0; // the log is reversed: 0 is its end
    if (!this.hasNewer) this.#showUnseen(0);
  }

  #replace(shown, message) {
    if (Number(shown.dataset.version) >= message.version) return;
    this.#keepingPlace(() => shown.replaceWith(elementFromServer(message.html)));
    this.#settle();
  }

  #add(message) {
    const element = elementFromServer(message.html);
    const wasNearBottom = this.#isNearBottom();
    this.#keepingPlace(() => {
      this.pending.remove(message.client_id);
      this.messages.insertBefore(element, this.#nextOf(message.number));
      this.#settle();
    });
    if (!wasNearBottom) this.#count(message);
    if (!this.#isOwn(message) && !message.deleted_at) this.announcer.say(message.author.name, element);
  }

  /** The line before which a message of this number stands; null at the end, where nearly all of them go. */
  #nextOf(number) {
    if (number > this.#range().last) return null;
    return [...this.messages.querySelectorAll(".message")].find((line) => Number(line.dataset.number) > number) ?? null;
  }

  /** Whether a new line joins what is loaded without a hole: not below the first line, not after a page of the past. */
  #belongsHere({ number }) {
    const { first, last } = this.#range();
    const isBefore = slot(this.log, "older") !== null && number < first;
    return !isBefore && (!this.hasNewer || number < last);
  }

  #count(message) {
    if (!this.#isOwn(message)) this.#showUnseen(this.#unseen + 1);
  }

  #showUnseen(count) {
    this.#unseen = count;
    this.jump.hidden = count === 0;
    if (count > 0) slot(this.jump, "jump-words").textContent = fill(this.log.dataset.new, { number: count });
  }

  #settle() {
    markLog(this.log, this.messages, this.pending.list);
    this.log.dataset.lastNumber = this.#range().last;
  }

  #range() {
    const all = this.messages.querySelectorAll(".message");
    return { first: Number(all[0]?.dataset.number ?? 0), last: Number(all[all.length - 1]?.dataset.number ?? 0) };
  }

  #isOwn(message) {
    return String(message.author.id) === this.log.dataset.me;
  }

  #shownOf(clientId) {
    return this.messages.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`);
  }

  #leaveThePast() {
    location.assign(location.pathname);
  }

  #isNearBottom() {
    return Math.abs(this.log.scrollTop) < NEAR_BOTTOM_PX;
  }

  /** Change the log without moving the line under the reader's eye; at the end, stay at the end. */
  #keepingPlace(change) {
    const anchor = this.#isNearBottom() ? null : this.#firstVisible();
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (!anchor) this.log.scrollTop = 0;
    else if (anchor.isConnected) this.log.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  #firstVisible() {
    const top = this.log.getBoundingClientRect().top;
    return [...this.messages.children].find((element) => element.getBoundingClientRect().bottom > top);
  }

  #watchTop() {
    const older = slot(this.log, "older");
    if (!older) return;
    const isSeen = (entries) => entries.some((entry) => entry.isIntersecting) && this.#loadOlder(older);
    this.observer = new IntersectionObserver(isSeen, { root: this.log, rootMargin: LOAD_AHEAD });
    this.observer.observe(older);
  }

  async #loadOlder(older) {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      this.#prepend(await this.#fetchOlder(), older);
    } catch {
      // The link stays: a click, or the next scroll, tries again.
    }
    this.#isLoading = false;
  }

  #fetchOlder() {
    return getJson(`${this.log.dataset.messagesUrl}?before=${this.#range().first}&limit=${PAGE}`);
  }

  #prepend({ items, more }, older) {
    this.#keepingPlace(() => {
      this.messages.prepend(...items.map((message) => elementFromServer(message.html)));
      if (!more) this.#reachStart(older);
      this.#settle();
    });
    this.#watchAgain(older);
  }

  #reachStart(older) {
    this.observer.disconnect();
    older.remove();
    slot(this.log, "start").hidden = false;
  }

  /** An observer speaks only of changes: a top that is still in sight would be silent. */
  #watchAgain(older) {
    if (!older.isConnected) return;
    older.querySelector("a").search = `?before=${this.#range().first}`;
    this.observer.unobserve(older);
    this.observer.observe(older);
  }
}
