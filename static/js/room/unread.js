import { delay as wait } from "./delay.js";

export const UNREAD_MAX = 1000; // the server counts no further: from there on it is "999+"

const RECOUNT_MS = 300; // what makes one count doubtful often comes with more of it
const AGAIN_MS = 5_000; // a recount that failed is tried again, each time after twice as long
const AGAIN_MAX_MS = 60_000;
const SIGNED_OUT = "signed_out";
const POSTED = "message:posted";
const EDITED = new Set(["message:edited", "message:changed"]);
const DELETED = "message:deleted";

/**
 * How much is unread in one room, equal to a recount at `version`. Every event is the next change, or tells by `prev`
 * that something is missing. It never guesses: what it cannot tell makes it doubtful until the next recount.
 */
export class RoomUnread {
  constructor(me, { is_member: isMember = true, ...counted }) {
    Object.assign(this, { me, isMember });
    this.#take(counted);
  }

  /** `room:read`: how far one has read, here or elsewhere, and what was unread then. */
  read(counted) {
    const order = counted.generation - this.generation || counted.last_read_number - this.lastRead;
    if (order < 0) return; // overtaken by a newer one
    if (counted.version >= this.version) this.#take(counted);
    else if (order > 0) this.#takeReading(counted);
  }

  /** The room moved on: an event of a message by its name, or another with `version` and `prev`. */
  moved(name, payload) {
    if (payload.version <= this.version) return;
    const isNext = payload.prev <= this.version;
    this.version = payload.version;
    if (!isNext || !this.#apply(name, payload)) this.isDoubtful = true;
  }

  /** Returns whether it is plain what the count is now. */
  #apply(name, { number, author }) {
    if (number === undefined) return true; // names and members are not counted
    if (!this.isMember) return true; // who only looks has nothing to catch up with
    if (name === POSTED && number === this.lastNumber + 1) return this.#posted(number, author);
    // One that changed before it was told comes once, as changed: ahead of what we know, or stepped over.
    if (number > this.lastNumber) return false;
    return name === DELETED ? this.#deleted(number, author) : EDITED.has(name);
  }

  #posted(number, author) {
    this.lastNumber = number;
    if (author.id === this.me) Object.assign(this, { lastRead: number, count: 0 }); // it read what stands above
    else if (number > this.lastRead) this.count = Math.min(this.count + 1, UNREAD_MAX);
    return true;
  }

  #deleted(number, author) {
    if (author.id === this.me || number <= this.lastRead) return true;
    if (this.count === UNREAD_MAX) return false; // there may be more than were counted
    this.count -= 1;
    return true;
  }

  #take({ version, last_number: lastNumber, unread, ...reading }) {
    Object.assign(this, { version, lastNumber, count: unread, isDoubtful: false });
    this.#takeReading(reading, false);
  }

  /** Counted before what we have heard of since: from another line on, that counts differently. */
  #takeReading({ last_read_number: lastRead, generation }, isDoubtful = true) {
    Object.assign(this, { lastRead, generation, isDoubtful });
  }
}

/**
 * The unread counts of all rooms of one person, each always what a recount from the database would give. Owns no
 * element: `fetchRooms()` resolves to what `GET /rooms` says, `changed(rooms)` hears of every new list, or nothing
 * when only counts moved; `delay(ms)` is handed in.
 */
export class UnreadRooms {
  #rooms = new Map();
  #direct = new Set(); // the ids of those that are conversations
  #held = []; // heard while a recount was under way: it may be counted already or not, the versions tell
  #isCounting = false;
  #isAsking = false; // the list is on its way
  #isWanted = false;
  #isWaiting = false;
  #isRetrying = false;
  #failures = 0; // of recounts, one after the other
  #ended = false;

  constructor({ me, fetchRooms, changed, delay = wait }) {
    Object.assign(this, { me, fetchRooms, changed, delay });
  }

  /** What is unread in this room. */
  countOf(roomId) {
    return this.#rooms.get(roomId)?.count ?? 0;
  }

  /** What is unread in all conversations, and in all other rooms. */
  get total() {
    const total = { direct: 0, other: 0 };
    for (const [id, { count }] of this.#rooms) total[this.#direct.has(id) ? "direct" : "other"] += count;
    return total;
  }

  /** An event that may move a count, of a room that is open or not. */
  receive(name, payload) {
    const event = { name: payload.event ?? name, payload };
    if (this.#isCounting) this.#held.push(event);
    this.#apply(event);
    this.changed();
  }

  /** Something changed that no count tells: the rooms themselves, or their names. */
  async recountSoon() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    await this.delay(RECOUNT_MS);
    this.#isWaiting = false;
    await this.recount();
  }

  /** Count anew. One at a time: what is asked meanwhile is done once more after it. */
  async recount() {
    this.#isWanted = true;
    if (this.#isCounting) return;
    this.#isCounting = true;
    while (this.#isWanted && !this.#ended) {
      this.#isWanted = false;
      await this.#count();
    }
    this.#isCounting = false;
  }

  end() {
    this.#ended = true;
  }

  async #count() {
    this.#held = [];
    try {
      this.#counted((await this.#ask()).rooms);
      this.#failures = 0;
    } catch (error) {
      // Signed out: signing in again begins a connection, which counts.
      if (error.code !== SIGNED_OUT) this.#tryAgain();
    }
  }

  async #ask() {
    this.#isAsking = true;
    try {
      return await this.fetchRooms();
    } finally {
      this.#isAsking = false;
    }
  }

  /** Nothing else may ever ask: the socket can be well while one worker, or the database, is away for a moment. */
  async #tryAgain() {
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    await this.delay(Math.min(AGAIN_MS * 2 ** this.#failures, AGAIN_MAX_MS));
    this.#isRetrying = false;
    this.#failures += 1;
    await this.recount();
  }

  #counted(rooms) {
    if (this.#ended) return;
    this.#rooms = new Map(rooms.map((room) => [room.id, new RoomUnread(this.me, room)]));
    this.#direct = new Set(rooms.filter(({ kind }) => kind === "direct").map(({ id }) => id));
    for (const event of this.#held) this.#apply(event);
    this.changed(rooms);
  }

  #apply({ name, payload }) {
    const room = this.#rooms.get(payload.room_id);
    if (name === "room:read") room?.read(payload);
    else room?.moved(name, payload);
    // What a count that is under way explains, needs no other; what it does not, is seen when it has come.
    if (!this.#isAsking && (!room || room.isDoubtful)) this.recountSoon();
  }
}
