import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomUnread, UNREAD_MAX, UnreadRooms } from "../../static/js/room/unread.js";
import { quiet, seeded, standingClock } from "./support.js";

const ME = 1;
const OTHER = 2;
const ROOM = 7;

/** A room as the server keeps it: it counts like the database, and tells every change as an event. */
class Server {
  version = 0;
  messages = [];
  reading = { last_read_number: 0, generation: 0 };

  post(author) {
    this.messages.push({ number: this.messages.length + 1, author, isDeleted: false, isEdited: false, version: 0 });
    if (author === ME) this.reading.last_read_number = this.messages.length; // and tells nobody of it
    return this.#change(this.messages.at(-1));
  }

  edit(number) {
    const message = this.messages[number - 1];
    if (message.isDeleted) return null;
    message.isEdited = true;
    return this.#change(message);
  }

  delete(number) {
    const message = this.messages[number - 1];
    if (message.isDeleted) return null;
    message.isDeleted = true;
    return this.#change(message);
  }

  rename() {
    this.version += 1;
    return { name: "room:changed", payload: { room_id: ROOM, version: this.version, prev: this.version - 1 } };
  }

  read(number) {
    if (number <= this.reading.last_read_number) return null;
    this.reading.last_read_number = number;
    return this.#told();
  }

  markUnread(number) {
    this.reading = { last_read_number: number - 1, generation: this.reading.generation + 1 };
    return this.#told();
  }

  get unread() {
    const isUnread = ({ number, author, isDeleted }) => author !== ME && !isDeleted && number > this.reading.last_read_number;
    return Math.min(this.messages.filter(isUnread).length, UNREAD_MAX);
  }

  get counted() {
    return { id: ROOM, version: this.version, last_number: this.messages.length, unread: this.unread, ...this.reading };
  }

  /** The changes after a version as the stream of a worker tells them when it reads them from the database. */
  missed(since) {
    let prev = since;
    const last = this.messages.filter(({ version }) => version > since).sort((a, b) => a.version - b.version);
    return last.map((message) => {
      const event = eventOf(message, prev);
      prev = message.version;
      return event;
    });
  }

  #change(message) {
    this.version += 1;
    message.version = this.version;
    return eventOf(message, this.version - 1);
  }

  #told() {
    return { name: "room:read", payload: { room_id: ROOM, ...this.counted } };
  }
}

function eventOf({ number, author, isDeleted, isEdited, version }, prev) {
  const event = isDeleted ? "message:deleted" : isEdited ? "message:edited" : "message:posted";
  return { name: "room:advanced", payload: { room_id: ROOM, version, prev, event, number, author: { id: author } } };
}

function stage() {
  const server = new Server();
  const clock = standingClock();
  const stage = { server, clock, fetches: 0, lists: 0 };
  stage.unread = new UnreadRooms({
    me: ME,
    delay: clock.delay,
    changed: (rooms) => { stage.lists += rooms ? 1 : 0; },
    fetchRooms: async () => {
      stage.fetches += 1;
      return { rooms: [server.counted] };
    },
  });
  stage.hear = (event) => event && stage.unread.receive(event.name, event.payload);
  return stage;
}

async function started() {
  const begun = stage();
  await begun.unread.recount();
  return begun;
}

function isEqual({ unread, server }, what) {
  assert.equal(unread.countOf(ROOM), server.unread, what);
}

test("a post of another counts, and nothing needs to be asked for", async () => {
  const { server, hear, ...rest } = await started();
  hear(server.post(OTHER));
  hear(server.post(OTHER));
  assert.equal(rest.unread.countOf(ROOM), 2);
  assert.deepEqual(rest.clock.waiting, []);
});

test("an edit and a rename count nothing, a deletion of what was unread counts down", async () => {
  const { server, hear, unread, clock } = await started();
  for (let count = 0; count < 3; count += 1) hear(server.post(OTHER));
  hear(server.edit(2));
  hear(server.rename());
  assert.equal(unread.countOf(ROOM), 3);
  hear(server.read(1));
  hear(server.delete(1));
  hear(server.delete(3));
  assert.equal(unread.countOf(ROOM), 1);
  assert.deepEqual(clock.waiting, []);
});

test("reading in another tab moves the count without a recount, also when it comes before the post", async () => {
  const { server, hear, unread, clock } = await started();
  const post = server.post(OTHER);
  hear(server.read(1));
  hear(post);
  assert.equal(unread.countOf(ROOM), 0);
  hear(server.markUnread(1));
  assert.equal(unread.countOf(ROOM), 1);
  assert.deepEqual(clock.waiting, []);
});

test("a reading of an older generation, or one that was overtaken, moves nothing", async () => {
  const { server, hear, unread } = await started();
  for (let count = 0; count < 3; count += 1) hear(server.post(OTHER));
  const [first, second] = [server.read(1), server.read(2)];
  hear(second);
  hear(first);
  assert.equal(unread.countOf(ROOM), 1);
  const last = server.read(3);
  hear(server.markUnread(2));
  hear(last);
  assert.equal(unread.countOf(ROOM), 2);
});

test("one's own post, from wherever, also reads what stands above it", async () => {
  const all = await started();
  all.hear(all.server.post(OTHER));
  all.hear(all.server.post(ME));
  isEqual(all);
  all.hear(all.server.post(OTHER));
  isEqual(all);
  assert.equal(all.fetches, 1); // a question for every message that one writes would be one too many
});

test("a gap is counted anew, once for many doubts", async () => {
  const all = await started();
  all.server.post(OTHER);
  for (let count = 0; count < 5; count += 1) all.hear(all.server.post(OTHER));
  await all.clock.tick();
  isEqual(all);
  assert.equal(all.fetches, 2);
});

test("a post that was edited before it was told is not taken for an old one", async () => {
  const all = await started();
  all.server.post(OTHER);
  all.server.post(OTHER);
  all.server.edit(1);
  for (const event of all.server.missed(0)) all.hear(event);
  await all.clock.tick();
  isEqual(all);
});

test("counting stops at the cap, and below it only by a recount", async () => {
  const all = await started();
  for (let count = 0; count < UNREAD_MAX + 2; count += 1) all.hear(all.server.post(OTHER));
  assert.equal(all.unread.countOf(ROOM), UNREAD_MAX);
  all.hear(all.server.delete(1));
  await all.clock.tick();
  isEqual(all, "there were more than were counted");
});

test("what happens while a recount is under way is neither lost nor counted twice", async () => {
  const { server, ...all } = stage();
  let answer;
  all.unread.fetchRooms = () => new Promise((resolve) => { answer = resolve; });
  const counting = all.unread.recount();
  all.hear(server.post(OTHER));
  const counted = server.counted;
  all.hear(server.post(OTHER));
  answer({ rooms: [counted] });
  all.unread.fetchRooms = async () => ({ rooms: [server.counted] });
  await counting;
  assert.equal(all.unread.countOf(ROOM), 2);
});

test("a room that nobody knew of makes the list be asked for", async () => {
  const all = await started();
  all.unread.receive("room:advanced", { ...all.server.post(OTHER).payload, room_id: 99 });
  await all.clock.tick();
  assert.equal(all.lists, 2);
});

test("a recount that fails leaves the counts as they are, and the next one works", async () => {
  const all = await started();
  all.hear(all.server.post(OTHER));
  const works = all.unread.fetchRooms;
  all.unread.fetchRooms = async () => { throw new Error("offline"); };
  await all.unread.recount();
  assert.equal(all.unread.countOf(ROOM), 1);
  all.unread.fetchRooms = works;
  all.server.post(OTHER);
  await all.unread.recount();
  isEqual(all);
});

test("what waits for one alone is told from what waits in rooms", async () => {
  const room = { version: 1, last_number: 9, last_read_number: 0, generation: 0 };
  const rooms = [
    { ...room, id: 1, kind: "direct", unread: 2 }, { ...room, id: 2, kind: "direct", unread: 1 },
    { ...room, id: 3, kind: "open", unread: 5 }, { ...room, id: 4, kind: "closed", unread: 0 },
  ];
  const unread = new UnreadRooms({ me: ME, fetchRooms: async () => ({ rooms }), changed() {} });
  assert.deepEqual(unread.total, { direct: 0, other: 0 });
  await unread.recount();
  assert.deepEqual(unread.total, { direct: 3, other: 5 });
});

test("one room alone never counts below what the server says", () => {
  const room = new RoomUnread(ME, { version: 1, last_number: 1, unread: 1, last_read_number: 0, generation: 0 });
  room.moved("message:deleted", { version: 2, prev: 1, number: 1, author: { id: OTHER } });
  room.moved("message:deleted", { version: 2, prev: 1, number: 1, author: { id: OTHER } });
  assert.equal(room.count, 0);
});

/** Anything a room can see, in any order, told late, twice, or not at all. */
function something(server, chance) {
  const number = 1 + Math.floor(chance() * server.messages.length);
  const actions = [
    () => server.post(OTHER), () => server.post(OTHER), () => server.post(ME), () => server.rename(),
    () => (server.messages.length ? server.edit(number) : null), () => (server.messages.length ? server.delete(number) : null),
    () => server.read(Math.min(number, server.messages.length)), () => (server.messages.length ? server.markUnread(number) : null),
  ];
  return actions[Math.floor(chance() * actions.length)]();
}

/** The stream keeps its order; `room:read` stands in none. */
async function live(all, chance, { losing }) {
  const late = [];
  let since = 0;
  for (let step = 0; step < 40; step += 1) {
    const event = something(all.server, chance);
    const isReading = event?.name === "room:read";
    if (isReading && chance() < 0.4) late.push(event);
    else if (!isReading && chance() < losing) since = Math.min(since || Infinity, all.server.version - 1);
    else if (!isReading && since && chance() < 0.5) { for (const one of all.server.missed(since)) all.hear(one); since = 0; }
    else if (!since || isReading) all.hear(event);
    if (late.length && chance() < 0.3) all.hear(late.splice(Math.floor(chance() * late.length), 1)[0]);
    if (chance() < 0.1) await all.clock.tick();
  }
  if (since) for (const one of all.server.missed(since)) all.hear(one);
  for (const one of late) all.hear(one);
}

test("whatever happens and however it is told, the count ends as a recount (random schedules)", async () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const chance = seeded(seed);
    const all = await started();
    await live(all, chance, { losing: seed % 2 ? 0.2 : 0 });
    for (let turn = 0; turn < 3; turn += 1) await all.clock.tick();
    await quiet();
    isEqual(all, `seed ${seed}`);
  }
});
