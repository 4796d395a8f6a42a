import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOM, accept, bodies, isEmpty, refuse, stage } from "./outbox_stage.js";
import { quiet, sharedStorage } from "./support.js";

test("one in flight per room, in the order written", async () => { // behaviour 15
  const { outbox, sends, states } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  assert.deepEqual(bodies(sends), ["a"]);
  await accept(sends[0]);
  assert.deepEqual(bodies(sends), ["a", "b"]);
  await accept(sends[1]);
  assert.ok(isEmpty(outbox));
  assert.deepEqual(states, ["a queued", "a sending", "b queued", "a sent", "b sending", "b sent"]);
});

test("two rooms do not wait for each other", () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  outbox.post(8, "b");
  assert.deepEqual(bodies(sends), ["a", "b"]);
});

test("it is kept before post() returns, and as tried before it leaves", () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  assert.equal(outbox.store.get(clientId).isTried, true);
  assert.equal(sends.length, 1);
  outbox.post(ROOM, "b");
  assert.deepEqual(outbox.store.entries().map((entry) => [entry.body, entry.isTried]), [["a", true], ["b", false]]);
});

test("without an ack the same goes out again under the same client id", async () => { // behaviour 17
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  await refuse(sends[0], "timeout");
  assert.equal(sends.length, 2);
  assert.equal(sends[1].entry.clientId, sends[0].entry.clientId);
});

test("offline it waits, and goes out in order when the connection is back", async () => { // behaviour 15
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  await refuse(sends[0], "offline");
  assert.equal(sends.length, 1);
  outbox.resume();
  await accept(sends[1]);
  await accept(sends[2]);
  assert.deepEqual(bodies(sends), ["a", "a", "b"]);
  assert.ok(isEmpty(outbox));
});

test("where nobody says that the connection is back, it is tried less and less often", async () => {
  const { clock, outbox, sends } = stage();
  outbox.post(ROOM, "a");
  const waits = [];
  for (let index = 0; index < 6; index += 1) {
    await refuse(sends[index], "offline");
    waits.push(clock.waiting[0]);
    await clock.tick();
  }
  assert.equal(sends.length, 7);
  waits.forEach((ms, index) => {
    const whole = Math.min(15_000, 1000 * 2 ** index);
    assert.ok(ms >= whole / 2 && ms <= whole * 1.5, `${ms} ms at try ${index}`);
  });
});

test("after a reload it goes on where it was, in order and under the same client ids", async () => {
  const before = stage();
  for (const body of ["a", "b", "c"]) before.outbox.post(ROOM, body);
  await accept(before.sends[0]);
  const { outbox, sends, states } = before.again();
  outbox.start();
  assert.deepEqual(states, ["b queued", "c queued", "b sending"]);
  await accept(sends[0]);
  await accept(sends[1]);
  assert.equal(sends[0].entry.clientId, before.sends[1].entry.clientId);
  assert.deepEqual(bodies(sends), ["b", "c"]);
  assert.ok(isEmpty(outbox));
});

test("on the page of one room what was written in another goes out too", async () => {
  const before = stage();
  before.outbox.post(8, "elsewhere");
  const { outbox, sends } = before.again();
  outbox.start();
  assert.deepEqual(bodies(sends), ["elsewhere"]);
});

test("a clock that was set back does not change the order", async () => {
  const { outbox, time } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  time.now = 10;
  outbox.post(ROOM, "c");
  assert.deepEqual(outbox.store.entries().map((entry) => entry.body), ["a", "b", "c"]);
});

test("a refused one says why, steps aside for the next, and says so after a reload too", async () => { // behaviour 14
  const before = stage();
  const { clientId } = before.outbox.post(ROOM, "a");
  before.outbox.post(ROOM, "b");
  await refuse(before.sends[0], "message_too_long", "Too long.");
  assert.equal(before.outbox.store.get(clientId).reason, "Too long.");
  assert.ok(before.states.includes("a failed"));
  assert.deepEqual(bodies(before.sends), ["a", "b"]);
  const { outbox, states } = before.again();
  outbox.start();
  assert.equal(states[0], "a failed");
});

test("asked to slow down, it waits as long as the server says", async () => {
  const { clock, outbox, sends } = stage();
  outbox.post(ROOM, "a");
  await refuse(sends[0], "slow_down", "", 4);
  assert.deepEqual(clock.waiting, [4000]);
  await clock.tick();
  assert.equal(sends.length, 2);
});

test("a message that makes the server fail is tried three times", async () => {
  const { clock, outbox, sends, states } = stage();
  outbox.post(ROOM, "a");
  for (let index = 0; index < 3; index += 1) {
    await refuse(sends[index], "internal_error");
    await clock.tick();
  }
  assert.equal(sends.length, 3);
  assert.equal(states.at(-1), "a failed");
});

test("the stream may bring it before the ack; the late ack changes nothing", async () => { // behaviour 15
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  outbox.settle(clientId);
  await accept(sends[0]);
  assert.deepEqual(bodies(sends), ["a", "b"]);
  assert.equal(states.filter((state) => state === "a sent").length, 1);
  await accept(sends[1]);
  assert.equal(sends.length, 2);
});

test("settled while its ack timed out, it is not sent again", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.settle(clientId);
  await refuse(sends[0], "timeout");
  assert.equal(sends.length, 1);
});

test("signed out, it waits like offline", async () => { // behaviour 20
  const { outbox, sends, states } = stage();
  outbox.post(ROOM, "a");
  await refuse(sends[0], "signed_out");
  assert.equal(states.at(-1), "a queued");
  outbox.resume();
  await accept(sends[1]);
  assert.ok(isEmpty(outbox));
});

test("a try that fails after the connection came back is made again at once", async () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  outbox.resume();
  await refuse(sends[0], "signed_out");
  assert.equal(sends.length, 2);
});

test("after a restore of the server nothing of before goes out by itself", async () => {
  const before = stage();
  const { clientId } = before.outbox.post(ROOM, "a");
  const { outbox, sends, states } = before.again({ epoch: "two" });
  outbox.start();
  assert.deepEqual(states, ["a failed"]);
  assert.equal(outbox.store.get(clientId).reason, "Restored.");
  assert.equal(sends.length, 0);
  outbox.retry(clientId);
  assert.equal(sends.length, 1);
});

test("a page that stays open over a restore sends with the epoch of the writing, and goes no further when refused", async () => {
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  assert.equal(sends[0].entry.epoch, "one");
  await refuse(sends[0], "cursor_ahead", "Restored.");
  outbox.resume();
  assert.equal(states.at(-1), "a failed");
  assert.equal(outbox.store.get(clientId).reason, "Restored.");
  assert.equal(sends.length, 1);
});

test("a storage that takes nothing: it is sent, and says that it is not kept", async () => {
  const storage = sharedStorage().tab({ onWrite: () => { throw new Error("full"); } });
  const { outbox, sends } = stage({ storage });
  outbox.post(ROOM, "a");
  assert.equal(outbox.isIdle, false);
  await refuse(sends[0], "not_a_member", "No.");
  assert.equal(outbox.isIdle, false, "a refused one would be lost with the page");
  outbox.retry(sends[0].entry.clientId);
  await accept(sends[1]);
  assert.ok(outbox.isIdle);
});

test("a new one may bring its id along, and is no change of a former one", () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a", { clientId: "c", isNew: true });
  assert.equal(sends[0].entry.clientId, "c");
  assert.equal(outbox.store.get("c").isAmended, false);
});

test("between two messages another tab may have its turn", async () => {
  const ended = [];
  const { outbox, sends } = stage({ exclusively: async (_, work) => { await work(); ended.push(sends.length); } });
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  await accept(sends[0]);
  await accept(sends[1]);
  assert.deepEqual(bodies(sends), ["a", "b"]);
  assert.deepEqual(ended.slice(0, 2), [1, 2]);
});

test("what alone waits in its room leaves before its turn has come round, and then keeps the turn until it is answered", async () => {
  const turns = [];
  const exclusively = (_, work) => new Promise((ended) => turns.push(async () => ended(await work())));
  const { outbox, sends } = stage({ exclusively });
  outbox.post(ROOM, "a");
  assert.deepEqual(bodies(sends), ["a"]);
  let isHeld = true;
  turns[0]().then(() => { isHeld = false; });
  await quiet();
  assert.ok(isHeld);
  await accept(sends[0]);
  assert.ok(!isHeld);
});

test("behind what another tab may be sending one waits for the turn", () => {
  const storage = sharedStorage();
  stage({ storage: storage.tab() }).outbox.post(ROOM, "a");
  const { outbox, sends } = stage({ storage: storage.tab(), exclusively: () => new Promise(() => {}) });
  outbox.post(ROOM, "b");
  assert.equal(sends.length, 0);
});

test("the files of a message go with each of its tries, also after a reload", async () => {
  const { outbox, sends, again } = stage();
  const uploads = [{ id: 4, name: "a.png" }];
  outbox.post(ROOM, "", { uploads });
  await refuse(sends[0], "timeout");
  const later = again();
  later.outbox.start();
  await quiet();
  for (const send of [sends[0], later.sends[0]]) assert.deepEqual(send.entry.uploads, uploads);
  assert.equal(later.sends[0].entry.clientId, sends[0].entry.clientId);
});

test("a message that was taken back keeps its files, unless others are given", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "look", { uploads: [{ id: 4 }] });
  await refuse(sends[0], "message_too_long", "Too long.");
  outbox.hold(clientId);
  outbox.post(ROOM, "shorter", { clientId });
  await quiet();
  assert.deepEqual(sends[1].entry.uploads, [{ id: 4 }]);
  await refuse(sends[1], "too_many_uploads", "Too many.");
  outbox.hold(clientId);
  outbox.post(ROOM, "none", { clientId, uploads: [] });
  await quiet();
  assert.deepEqual(sends[2].entry.uploads, []);
});
