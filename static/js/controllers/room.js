import { copyTemplate, listen, slot, tell } from "../helpers/dom.js";
import { getJson, postForm } from "../helpers/http.js";
import { answerMessageCommands } from "../helpers/message_commands.js";
import { expectPeople } from "../helpers/people_source.js";
import { Reading } from "../helpers/reading.js";
import { onReturn } from "../helpers/returns.js";
import { RoomParts } from "../helpers/room_parts.js";
import { Typing } from "../helpers/typing.js";
import { onUnsent, pageOutbox } from "../helpers/unsent.js";
import { DOWN, UP } from "../events.js";
import { ChangeTimer } from "../room/change_timer.js";
import { RoomLink } from "../room/room_link.js";
import { RoomStream } from "../room/room_stream.js";
import { connect, isConnected, on, onConnect, onDisconnect, request } from "../socket.js";

const OUTDATED_MS = 60_000; // until a page that nobody looks at takes a new release
const STREAM = [
  DOWN.MESSAGE_POSTED, DOWN.MESSAGE_EDITED, DOWN.MESSAGE_DELETED, DOWN.MESSAGE_CHANGED,
  DOWN.ROOM_CHANGED, DOWN.MEMBER_JOINED, DOWN.MEMBER_LEFT,
];

/** An open room: joins the wire to the log and the composer, which are its children and know no wire. */
export function mount(element) {
  const room = new Room(element);
  const ends = [...room.listenToWire(), ...room.listenToPage()];
  room.start();
  return () => { room.end(); ends.forEach((end) => end()); };
}

class Room {
  #isGone = false;
  #isStale = false;
  #isOutdated = false;

  constructor(element) {
    this.element = element;
    this.id = Number(element.dataset.roomId);
    this.log = element.querySelector('[data-controller="message-list"]');
    this.parts = new RoomParts(element);
    this.stream = this.#makeStream(element.dataset);
    this.link = this.#makeLink();
    this.timer = new ChangeTimer({
      look: () => this.stream.look(),
      told: (failure) => this.#looked(failure),
      isVisible: () => document.visibilityState === "visible",
    });
    this.outbox = pageOutbox(element.dataset);
    this.reading = new Reading(element, this.log);
  }

  get composer() {
    return this.element.querySelector('[data-controller="composer"]'); // comes and goes with the right to write
  }

  listenToWire() {
    return [
      onConnect(() => this.#connected()),
      onDisconnect(() => this.#disconnected()),
      onReturn(({ isDoubtful }) => this.#returned(isDoubtful)),
      on(DOWN.ROOM_READ, (payload) => { if (payload.room_id === this.id) this.reading.told(payload); }),
      on(DOWN.ROOM_REMOVED, (payload) => { if (payload.room_id === this.id) this.#lookAgain(); }),
      ...STREAM.map((name) => on(name, (payload) => this.#receive(name, payload))),
    ];
  }

  listenToPage() {
    return [
      listen(this.element, "composer:send", (event) => this.#post(event)),
      listen(this.element, "composer:dropped", (event) => this.outbox.discard(event.detail.clientId)),
      listen(this.element, "outbox:retry", (event) => this.outbox.retry(event.detail.clientId)),
      listen(this.element, "outbox:edit", (event) => this.#editUnsent(event.detail.clientId)),
      listen(this.element, "outbox:discard", (event) => this.outbox.discard(event.detail.clientId)),
      ...this.reading.listen(),
      ...new Typing(this.element, Number(this.element.dataset.me)).listen(),
      ...answerMessageCommands(this.element, { changed: (version) => this.#expect(version), reading: this.reading }),
      listen(document, "visibilitychange", () => this.#renewOutdated()),
      onUnsent((entry, ack) => this.#outboxChanged(entry, ack)),
    ];
  }

  /** Also where one comes back to: the connection is there already then, and the stream goes on from its cursor. */
  start() {
    this.outbox.tellOf(this.id);
    if (isConnected()) return this.#connected();
    this.timer.start();
    connect();
  }

  end() {
    clearTimeout(this.outdatedTimer);
    Object.assign(this.element.dataset, { version: this.stream.cursor, ...this.reading.stands() });
    this.stream.end();
    this.timer.stop();
    this.link.end();
  }

  #connected() {
    if (this.#isGone) return;
    this.timer.stop();
    this.link.open();
  }

  #disconnected() {
    if (this.#isGone) return;
    this.link.lost();
    this.timer.start();
  }

  #returned(isDoubtful) {
    if (isDoubtful) this.link.probe();
    else this.link.glance();
    this.timer.hurry();
  }

  /** Changes were asked for over HTTP, because no socket connects. */
  #looked(failure) {
    tell(document, failure ? "changes:failed" : "changes:came");
    if (failure?.code === "room_not_found") this.#goAway();
    if (!failure) this.outbox.resume();
  }

  #makeStream({ version, epoch, changesUrl }) {
    return new RoomStream({
      cursor: Number(version),
      epoch,
      apply: (name, message) => this.#apply(name, message),
      fetchChanges: (since) => this.#fetchChanges(`${changesUrl}?since=${since}&epoch=${epoch}`, since),
      renew: () => this.#renewLog(),
      reload: () => this.#startAnew(`${epoch} ${version}`),
    });
  }

  #makeLink() {
    return new RoomLink({
      roomId: this.id,
      stream: this.stream,
      request,
      isConnected,
      opened: (ack, since) => this.#opened(ack, since),
      gone: () => this.#goAway(),
    });
  }

  async #fetchChanges(url, since) {
    const changes = await getJson(url);
    this.#seeRoom(changes, since);
    expectPeople(changes.people_version);
    return changes;
  }

  #renewLog() {
    const ask = {};
    tell(this.log, "log:renew", ask);
    this.parts.renew();
    return ask.renewed;
  }

  #opened(ack, since) {
    this.#seeRoom(ack, since);
    this.reading.told(ack);
    this.reading.look();
    tell(this.log, "log:entered", { number: ack.last_number });
    this.#isOutdated = ack.assets !== this.element.dataset.assets;
    clearTimeout(this.outdatedTimer);
    this.outdatedTimer = setTimeout(() => this.#renewOutdated(), Math.random() * OUTDATED_MS); // not all at once
  }

  /** The server has other scripts than this page. Loaded anew while nobody looks, and nothing waits. (behaviour 48) */
  #renewOutdated() {
    if (this.#isOutdated && document.visibilityState === "hidden" && !this.#isBusy()) location.reload();
  }

  /** An answer of the server's says how the room is; versions that no message explains may be members who changed. */
  #seeRoom({ room, epoch, head, version = head, items = [], up_to: upTo = version }, since) {
    if (epoch !== this.stream.epoch || version < this.stream.cursor) return; // of another time, or overtaken
    this.parts.changed(room);
    if (upTo - since > items.length) this.parts.renew();
  }

  #receive(name, payload) {
    if (payload.room_id === this.id) this.stream.receive(name, payload);
  }

  #apply(name, payload) {
    if (payload.number === undefined) return this.#roomChanged(name, payload);
    tell(this.log, "message:arrived", { name, message: payload });
    if (payload.client_id && payload.author.id === Number(this.element.dataset.me)) this.outbox.settle(payload.client_id);
    this.reading.look();
  }

  #roomChanged(name, { room, person, members_count: count }) {
    if (name === DOWN.ROOM_CHANGED) this.parts.changed(room);
    else if (person.id === Number(this.element.dataset.me)) this.#lookAgain();
    else this.parts.count(count);
  }

  /** One's own right has changed. An open room can still be read. */
  async #lookAgain() {
    if (!await this.parts.renew()) this.#goAway();
  }

  /** Removed, or left in another tab: say so. A text that cannot be sent any more can still be copied. */
  #goAway() {
    this.#isGone = true;
    this.end();
    const isBusy = this.#isBusy();
    this.parts.lock();
    if (!isBusy) this.parts.close();
    this.#say(isBusy ? "gone" : "removed");
  }

  /** The server's database was restored. Once for each state of the page: should that not help, it says so. */
  #startAnew(state) {
    const key = `restored-${this.id}`;
    const isAgain = sessionStorage.getItem(key) === state;
    sessionStorage.setItem(key, state);
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
    return this.#isWriting() || !this.outbox.isIdle;
  }

  #isWriting() {
    const isEditing = this.element.querySelector(".edit-box, .staged") !== null;
    return isEditing || Boolean(this.composer?.querySelector("textarea").value.trim());
  }

  /** Show a notice of the page's own, by the name of its template. */
  #say(name) {
    const place = slot(this.element, "change");
    for (const child of [...place.children]) if (child.localName !== "template") child.remove();
    place.append(copyTemplate(place, name));
  }

  /** The box is cleared only after this: then the text is kept. */
  #post(event) {
    const { body, clientId, isNew, replyTo, uploads } = event.detail;
    this.outbox.post(this.id, body, { clientId, isNew, replyTo, uploads, since: this.stream.cursor });
    event.preventDefault();
  }

  #outboxChanged(entry, ack) {
    if (entry.roomId === this.id) this.#show(entry, ack);
    if (this.#isStale && !this.#isBusy()) location.reload();
  }

  #show(entry, ack) {
    tell(this.log, "outbox:changed", entry);
    if (entry.state === "failed" && !entry.isOld) this.#giveBack(entry, entry.reason || this.element.dataset.error);
    if (ack) this.#expect(ack.version);
  }

  /** Should the broadcast get lost, it is fetched; where there is none, at once. */
  #expect(version) {
    this.stream.expect(version);
    this.timer.hurry();
  }

  /** Into the box, unless something stands there. It stays in the outbox until it is sent again. */
  #giveBack({ body, clientId, replyTo, uploads }, reason) {
    const wasTaken = this.composer && !tell(this.composer, "composer:restore", { body, reason, clientId, replyTo, uploads });
    if (wasTaken) this.outbox.hold(clientId);
    return wasTaken;
  }

  #editUnsent(clientId) {
    const entry = this.outbox.store.get(clientId);
    // What stands in the box would be lost.
    if (entry && !this.#giveBack(entry, "")) this.composer?.querySelector("textarea").focus();
  }
}
