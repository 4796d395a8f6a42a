import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomStream } from "../../static/js/room/room_stream.js";
import { quiet, seeded, standingClock } from "./support.js";

const event = (version, { prev = version - 1, id = version } = {}) => ({ id, version, prev });

function stage({ cursor = 0, log = [], pageSize = 200 } = {}) {
  const clock = standingClock();
  const applied = [];
  const stage = { clock, applied, log, fetches: 0, reloads: 0, failure: null };
  stage.stream = new RoomStream({
    cursor,
    epoch: "e1",
    delay: clock.delay,
    apply: (name, message) => applied.push(message.version),
    reload: () => { stage.reloads += 1; },
    fetchChanges: async (since) => {
      stage.fetches += 1;
      if (stage.failure) throw stage.failure;
      return page(stage.log, since, pageSize);
    },
  });
  return stage;
}

/** What the server answers: each changed message once, with its last version. */
function page(log, since, size) {
  const last = new Map(log.map((one) => [one.id, one]));
  const all = [...last.values()].filter((one) => one.version > since).sort((a, b) => a.version - b.version);
  const items = all.slice(0, size);
  const more = all.length > items.length;
  const head = log.at(-1)?.version ?? 0;
  return { items, more, head, up_to: more ? items.at(-1).version : Math.max(head, items.at(-1)?.version ?? 0), epoch: "e1" };
}

function receive(stream, ...events) {
  for (const one of events) stream.receive("message:posted", one);
}

test("an event that follows is applied at once", () => {
  const { stream, applied } = stage();
  receive(stream, event(1), event(2));
  assert.deepEqual(applied, [1, 2]);
});

test("an event seen before, or older, is dropped", () => {
  const { stream, applied } = stage({ cursor: 2 });
  receive(stream, event(1), event(2), event(3), event(3));
  assert.deepEqual(applied, [3]);
});

test("a version may step by more than one, when prev says that nothing is missing", () => {
  const { stream, applied } = stage({ cursor: 4 });
  receive(stream, event(9, { prev: 4 }), event(12, { prev: 7 }), event(20, { prev: 15 }));
  assert.deepEqual(applied, [9, 12], "20 comes after something that we lack");
});

test("events that cross are put in order without asking the server", async () => {
  const { stream, applied, clock, ...rest } = stage();
  receive(stream, event(2), event(3), event(1));
  await clock.tick();
  assert.deepEqual(applied, [1, 2, 3]);
  assert.equal(rest.fetches, 0);
});

test("a gap that stays is fetched, page after page", async () => {
  const log = Array.from({ length: 7 }, (_, index) => event(index + 1));
  const it = stage({ log, pageSize: 2 });
  receive(it.stream, event(7));
  assert.deepEqual(it.clock.waiting, [300]);
  await it.clock.tick();
  assert.deepEqual(it.applied, [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(it.fetches, 4);
});

test("events that arrive before the answer to room:open wait for it", () => {
  const { stream, applied } = stage({ cursor: 3 });
  stream.opening();
  receive(stream, event(6), event(5));
  assert.deepEqual(applied, []);
  stream.opened({ version: 5, epoch: "e1", items: [event(4), event(5)], up_to: 5, more: false });
  assert.deepEqual(applied, [4, 5, 6]);
});

test("an answer to room:open that holds only part of the gap is followed by the rest", async () => {
  const log = Array.from({ length: 6 }, (_, index) => event(index + 1));
  const it = stage({ log });
  it.stream.opening();
  it.stream.opened({ version: 6, epoch: "e1", ...page(log, 0, 2) });
  await it.clock.tick();
  assert.deepEqual(it.applied, [1, 2, 3, 4, 5, 6]);
});

test("a fetch that fails is tried again", async () => {
  const it = stage({ log: [event(1), event(2)] });
  it.failure = Object.assign(new Error(), { code: "offline" });
  receive(it.stream, event(2));
  await it.clock.tick();
  assert.deepEqual(it.clock.waiting, [2000]);
  it.failure = null;
  await it.clock.tick();
  assert.deepEqual(it.applied, [1, 2]);
});

test("a room that is gone is not asked for again", async () => {
  const it = stage();
  it.failure = Object.assign(new Error(), { code: "room_not_found" });
  receive(it.stream, event(2));
  await it.clock.tick();
  assert.deepEqual(it.clock.waiting, []);
});

test("another epoch reloads the page and applies nothing", () => {
  const it = stage({ cursor: 50 });
  it.stream.opening();
  it.stream.opened({ version: 3, epoch: "e2", items: [event(51)], up_to: 3, more: false });
  receive(it.stream, event(51));
  assert.equal(it.reloads, 1);
  assert.deepEqual(it.applied, []);
});

test("a server that knows less than we do was restored: the page is loaded once", async () => {
  const it = stage({ cursor: 9 });
  it.stream.opening();
  it.stream.refused({ code: "cursor_ahead" });
  it.stream.refused({ code: "cursor_ahead" });
  receive(it.stream, event(10));
  assert.equal(it.reloads, 1);
  assert.deepEqual(it.applied, []);
});

test("the same when it is said of the changes", async () => {
  const it = stage();
  it.failure = { code: "cursor_ahead" };
  receive(it.stream, event(2));
  await it.clock.tick();
  assert.equal(it.reloads, 1);
  assert.deepEqual(it.clock.waiting, []);
});

test("a version that was promised and does not come is fetched", async () => {
  const it = stage({ log: [event(1)] });
  it.stream.expect(1);
  await it.clock.tick();
  assert.deepEqual(it.applied, [1]);
});

test("any crossing, loss, repeat, page and reconnect ends in the database's list, in order", async () => {
  for (let seed = 1; seed <= 200; seed += 1) await randomRun(seed);
});

async function randomRun(seed) {
  const random = seeded(seed);
  const it = stage({ log: [], pageSize: 1 + Math.floor(random() * 4) });
  const onTheWay = [];
  for (let step = 0; step < 60; step += 1) {
    await randomStep(it, onTheWay, random);
  }
  it.stream.opening();
  it.stream.opened({ version: it.log.length, ...page(it.log, it.stream.cursor, 3) });
  while (it.clock.waiting.length > 0) await it.clock.tick();
  assertConverged(it, seed);
}

async function randomStep(it, onTheWay, random) {
  const dice = random();
  if (dice < 0.5) write(it.log, onTheWay, random);
  else if (dice < 0.8 && onTheWay.length > 0) deliver(it.stream, onTheWay, random);
  else if (dice < 0.86) it.stream.opening();
  else if (dice < 0.93) it.stream.opened({ version: it.log.length, ...page(it.log, it.stream.cursor, 3) });
  else await it.clock.tick();
}

function write(log, onTheWay, random) {
  const version = log.length + 1;
  const isEdit = log.length > 0 && random() < 0.3;
  const id = isEdit ? log[Math.floor(random() * log.length)].id : version;
  log.push(event(version, { id }));
  if (random() < 0.8) onTheWay.push(log.at(-1)); // else it is lost on the way
}

function deliver(stream, onTheWay, random) {
  const [one] = onTheWay.splice(Math.floor(random() * onTheWay.length), 1);
  receive(stream, one);
  if (random() < 0.2) onTheWay.push(one);
}

function assertConverged({ applied, log, stream }, seed) {
  const lastOf = new Map(log.map((one) => [one.id, one.version]));
  const missing = [...lastOf.values()].filter((version) => !applied.includes(version));
  assert.deepEqual(missing, [], `seed ${seed}: every message stands with its last version`);
  assert.deepEqual(applied, [...new Set(applied)].sort((a, b) => a - b), `seed ${seed}: once each, in order`);
  assert.equal(stream.cursor, log.length, `seed ${seed}`);
}

test("after the end nothing is applied", async () => {
  const it = stage({ log: [event(1), event(2)] });
  receive(it.stream, event(2));
  it.stream.end();
  await it.clock.tick();
  await quiet();
  assert.deepEqual(it.applied, []);
});
