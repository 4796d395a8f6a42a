import { copyTemplate, listen, slot, tell } from "../helpers/dom.js";
import { getJson, postForm } from "../helpers/http.js";
import { DOWN, UP } from "../events.js";
import { Outbox } from "../room/outbox.js";
import { ReadPointer } from "../room/read_pointer.js";
import { RoomStream } from "../room/room_stream.js";
import { connect, isConnected, on, onConnect, onDisconnect, request } from "../socket.js";

const OVER_HTTP = new Set(["offline", "timeout"]); // what the socket cannot bring, a request may (behaviour 17)
const OPEN_AGAIN_MS = 2000;
const STREAM = [
  DOWN.MESSAGE_POSTED, DOWN.MESSAGE_EDITED, DOWN.MESSAGE_DELETED, DOWN.MESSAGE_CHANGED,
  DOWN.ROOM_CHANGED, DOWN.MEMBER_JOINED, DOWN.MEMBER_LEFT,
];

/** An open room: joins the wire to the log and the composer, which are its children and know no wire. */
export function mount(element) {
  const room = new Room(element);
  const ends = [...room.listenToWire(), ...room.listenToPage()];
  connect();
  return () => { room.end(); ends.forEach((end) => end()); };
}

class Room {
  #isGone = false;
  #isStale = false;

  constructor(element) {
    this.element = element;
    this.id = Number(element.dataset.roomId);
    this.log = element.querySelector('[data-controller="message-list"]');
    this.composer = element.querySelector('[data-controller="composer"]');
    this.stream = this.#makeStream(element.dataset);
    this.outbox = new Outbox({
      send: (entry) => this.#send(entry),
      changed: (entry, ack) => this.#outboxChanged(entry, ack),
    });
    this.pointer = new ReadPointer((fields) => postForm(element.dataset.readUrl, fields));
  }

  listenToWire() {
    return [
      onConnect(() => this.open()),
      onDisconnect(() => this.stream.opening()),
      on(DOWN.ROOM_REMOVED, (payload) => { if (payload.room_id === this.id) this.#goAway(); }),
      ...STREAM.map((name) => on(name, (payload) => this.#receive(name, payload))),
    ];
  }

  listenToPage() {
    return [
      listen(this.element, "composer:send", (event) => this.outbox.post(this.id, event.detail.body)),
      listen(this.element, "outbox:retry", (event) => this.outbox.retry(event.detail.clientId)),
      listen(this.element, "outbox:edit", (event) => this.#editUnsent(event.detail.clientId)),
      listen(this.element, "outbox:discard", (event) => this.outbox.discard(event.detail.clientId)),
      listen(window, "focus", () => this.#markRead()),
      listen(window, "online", () => this.outbox.resume()),
      // Where no socket can connect, coming back to the page is the sign that one may have signed in again.
      listen(document, "visibilitychange", () => document.visibilityState === "visible" && this.outbox.resume()),
      listen(window, "beforeunload", (event) => { if (!this.outbox.isEmpty) event.preventDefault(); }),
    ];
  }

  async open() {
    clearTimeout(this.openTimer);
    if (!this.#isGone) await this.#ask();
    this.outbox.resume();
  }

  end() {
    this.stream.end();
    clearTimeout(this.openTimer);
    request(UP.ROOM_CLOSE, { room_id: this.id }).catch(() => {}); // offline: the server has let go already
  }

  async #ask() {
    this.stream.opening();
    try {
      const payload = { room_id: this.id, since: this.stream.cursor, epoch: this.stream.epoch };
      this.#opened(await request(UP.ROOM_OPEN, payload));
    } catch (error) {
      this.stream.refused(error);
      if (error.code === "room_not_found") this.#goAway();
      else if (error.code !== "cursor_ahead") this.#openLater(error);
    }
  }

  /** Still connected, but no answer: ask again. Without a connection, the next one opens the room. */
  #openLater(error) {
    clearTimeout(this.openTimer);
    this.openTimer = setTimeout(() => isConnected() && this.open(), error.retryAfter * 1000 || OPEN_AGAIN_MS);
  }

  #makeStream({ version, epoch, changesUrl }) {
    return new RoomStream({
      cursor: Number(version),
      epoch,
      apply: (name, message) => this.#apply(name, message),
      fetchChanges: (since) => getJson(`${changesUrl}?since=${since}`),
      renew: () => this.#renewLog(),
      reload: () => this.#startAnew(version),
    });
  }

  #renewLog() {
    const ask = {};
    tell(this.log, "log:renew", ask);
    return ask.renewed;
  }

  #opened(ack) {
    this.pointer.start(ack);
    this.stream.opened(ack);
    this.#markRead();
  }

  #receive(name, payload) {
    if (payload.room_id === this.id) this.stream.receive(name, payload);
  }

  #apply(name, payload) {
    if (!payload.html && !payload.deleted_at) return this.#roomChanged(name);
    tell(this.log, "message:arrived", { name, message: payload });
    if (payload.client_id && payload.author.id === Number(this.element.dataset.me)) this.outbox.settle(payload.client_id);
    this.#markRead();
  }

  /** Names, members and rights are the server's to show. */
  #roomChanged(name) {
    if (name === DOWN.ROOM_CHANGED) this.#reloadWhenIdle();
  }

  /** Removed, or left in another tab. The server's page says what happened; a text can still be copied from ours. */
  #goAway() {
    this.#isGone = true;
    this.stream.end();
    if (!this.#isBusy()) return location.reload();
    tell(this.composer, "composer:lock");
    this.#say("gone");
  }

  /** The server's database was restored. Once for each state of the page: should that not help, it says so. */
  #startAnew(version) {
    const key = `restored-${this.id}`;
    const isAgain = sessionStorage.getItem(key) === version;
    sessionStorage.setItem(key, version);
    if (isAgain) this.#say("restored");
    else this.#reloadWhenIdle("restored");
  }

  /** A text that is being written, or is on its way, is not thrown away for a fresh page. (behaviour 48) */
  #reloadWhenIdle(notice) {
    this.#isStale = true;
    if (!this.#isBusy()) location.reload();
    else if (notice) this.#say(notice);
  }

  #isBusy() {
    return this.#isWriting() || !this.outbox.isEmpty;
  }

  #isWriting() {
    return Boolean(this.composer?.querySelector("textarea").value.trim());
  }

  /** Show a notice of the page's own, by the name of its template. */
  #say(name) {
    const place = slot(this.element, "change");
    for (const child of [...place.children]) if (child.localName !== "template") child.remove();
    place.append(copyTemplate(place, name));
  }

  async #send(entry) {
    const message = { room_id: entry.roomId, client_id: entry.clientId, body: entry.body };
    try {
      return await request(UP.MESSAGE_POST, message);
    } catch (error) {
      if (!OVER_HTTP.has(error.code)) throw error;
      return postForm(this.composer.action, { client_id: entry.clientId, body: entry.body });
    }
  }

  #outboxChanged(entry, ack) {
    tell(this.log, "outbox:changed", entry);
    if (entry.state === "failed") this.#giveBack(entry);
    if (ack) this.stream.expect(ack.version); // should the broadcast get lost, it is fetched
    if (this.#isStale && !this.#isBusy()) location.reload();
  }

  #giveBack(entry) {
    const reason = entry.reason || this.element.dataset.error;
    const wasTaken = !tell(this.composer, "composer:restore", { body: entry.body, reason });
    if (wasTaken) this.outbox.discard(entry.clientId);
  }

  #editUnsent(clientId) {
    const box = this.composer.querySelector("textarea");
    if (box.value.trim() !== "") return box.focus(); // what stands there would be lost
    const entry = this.outbox.discard(clientId);
    if (entry) tell(this.composer, "composer:restore", { body: entry.body, reason: "" });
  }

  #markRead() {
    const isRead = document.visibilityState === "visible" && document.hasFocus();
    if (isRead && this.element.dataset.readUrl) this.pointer.read(Number(this.log.dataset.lastNumber));
  }
}
