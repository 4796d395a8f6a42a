import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomStream } from "../../static/js/room/room_stream.js";
import { quiet, standingClock } from "./support.js";

const event = (version, { prev = version - 1, id = version } = {}) => ({ id, version, prev });

function stage({ cursor = 0, log = [], pageSize = 200 } = {}) {
  const clock = standingClock();
  const applied = [];
  const stage = { clock, applied, log, fetches: 0, renewals: 0, reloads: 0, failure: null, renewFailure: null };
  stage.stream = new RoomStream({
    cursor,
    epoch: "e1",
    delay: clock.delay,
    apply: (name, message) => applied.push(message.version),
    reload: () => { stage.reloads += 1; },
    renew: async () => {
      stage.renewals += 1;
      if (stage.renewFailure) throw stage.renewFailure;
    },
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

test("more than a thousand changes behind, what is shown is read anew, once, and the rest goes on from there", async () => {
  const log = Array.from({ length: 1301 }, (_, index) => event(index + 1));
  const it = stage({ log });
  it.stream.opening();
  it.stream.opened({ version: 1300, epoch: "e1", ...page(log, 0, 200), head: 1300 });
  receive(it.stream, event(1301), event(1302));
  await quiet();
  assert.equal(it.renewals, 1);
  assert.equal(it.fetches, 0, "not one page of changes");
  assert.deepEqual(it.applied, [1301, 1302]);
});

test("a thousand changes are still taken one by one", async () => {
  const log = Array.from({ length: 1000 }, (_, index) => event(index + 1));
  const it = stage({ log });
  it.stream.expect(1000);
  await it.clock.tick();
  assert.deepEqual([it.renewals, it.applied.length], [0, 1000]);
});

test("reading anew that fails is tried again, and nothing is skipped meanwhile", async () => {
  const it = stage({ log: Array.from({ length: 1500 }, (_, index) => event(index + 1)) });
  it.renewFailure = { code: "offline" };
  it.stream.expect(1500);
  await it.clock.tick();
  assert.equal(it.stream.cursor, 0);
  it.renewFailure = null;
  await it.clock.tick();
  assert.equal(it.stream.cursor, 1500);
});

test("a look finds what nobody told of, and says when it could not ask", async () => {
  const it = stage({ log: [event(1)] });
  it.stream.opening(); // no socket connects
  assert.equal(await it.stream.look(), null);
  assert.deepEqual(it.applied, [1]);
  it.failure = Object.assign(new Error(), { code: "offline" });
  assert.equal((await it.stream.look()).code, "offline");
});

test("a version that the server does not know is not asked for three times a second", async () => {
  const it = stage();
  it.stream.expect(5);
  await it.clock.tick();
  assert.deepEqual(it.clock.waiting, [2000]);
});

test("after the end nothing is applied", async () => {
  const it = stage({ log: [event(1), event(2)] });
  receive(it.stream, event(2));
  it.stream.end();
  await it.clock.tick();
  await quiet();
  assert.deepEqual(it.applied, []);
});
