import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOM, accept, isEmpty, refuse, stage } from "./outbox_stage.js";

// What was sent is taken back, changed or let go, while nobody knows whether it is stored.

test("a refused one can be sent again or let go", async () => { // behaviour 14
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "not_a_member", "No.");
  outbox.retry(clientId);
  assert.equal(sends[1].entry.clientId, clientId);
  await refuse(sends[1], "not_a_member", "No.");
  outbox.discard(clientId);
  assert.equal(states.at(-1), "a gone");
  assert.ok(isEmpty(outbox));
  assert.equal(sends.length, 2); // it was never stored: there is nothing to delete
});

test("one that waits is not sent while it is taken back, and goes out as it is then", async () => {
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  assert.equal(outbox.hold(clientId).body, "a");
  assert.equal(states.at(-1), "a gone");
  outbox.resume();
  assert.equal(sends.length, 1);
  assert.ok(outbox.store.get(clientId), "it is still kept");
  outbox.post(ROOM, "a, mended", { clientId });
  assert.deepEqual([sends[1].entry.clientId, sends[1].entry.body], [clientId, "a, mended"]);
});

test("taken back and changed, it becomes an edit when its former text turns out to be stored", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.hold(clientId);
  outbox.post(ROOM, "a, mended", { clientId });
  await accept(sends[1], { id: 5, version: 3, duplicate: true, mismatch: true });
  assert.deepEqual([sends[2].kind, sends[2].what], ["edit", [5, "a, mended", 3]]);
  assert.ok(outbox.store.get(clientId), "until the edit is stored, too");
  await accept(sends[2], { version: 4 });
  assert.ok(isEmpty(outbox));
});

test("an edit without an ack is made again", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.post(ROOM, "a, mended", { clientId });
  await accept(sends[1], { id: 5, version: 3, duplicate: true, mismatch: true });
  await refuse(sends[2], "timeout");
  await accept(sends[3], { id: 5, version: 3, duplicate: true, mismatch: true });
  assert.deepEqual(sends.map((send) => send.kind), ["post", "post", "edit", "post", "edit"]);
});

test("changed while it was in flight, the newer text follows", async () => {
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.hold(clientId);
  outbox.post(ROOM, "a, mended", { clientId });
  await accept(sends[0]);
  assert.ok(!states.includes("a, mended sent"));
  assert.deepEqual([sends[1].entry.clientId, sends[1].entry.body], [clientId, "a, mended"]);
});

test("when what it was to change was deleted meanwhile, it is a message of its own", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.post(ROOM, "a, mended", { clientId });
  await accept(sends[1], { id: 5, version: 3, duplicate: true, mismatch: true });
  await refuse(sends[2], "message_deleted", "It was deleted.");
  const [entry] = outbox.store.entries();
  assert.deepEqual([entry.state, entry.reason, entry.body], ["failed", "It was deleted.", "a, mended"]);
  assert.notEqual(entry.clientId, clientId);
  outbox.retry(entry.clientId);
  assert.equal(sends[3].entry.clientId, entry.clientId);
});

test("a retry of what was edited elsewhere since does not undo the edit", async () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  await refuse(sends[0], "timeout");
  await accept(sends[1], { id: 5, version: 3, duplicate: true, mismatch: true });
  assert.equal(sends.length, 2);
  assert.ok(isEmpty(outbox));
});

test("let go while it was in flight, it is deleted when it was stored", async () => {
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.discard(clientId);
  assert.equal(states.at(-1), "a gone");
  await accept(sends[0]);
  assert.equal(sends[1].kind, "find");
  await accept(sends[1], { id: 5 });
  assert.deepEqual([sends[2].kind, sends[2].what], ["erase", [5]]);
  await accept(sends[2]);
  assert.ok(isEmpty(outbox));
  assert.ok(!states.includes("a sent"));
});

test("let go after a try without an answer, it is looked for, and once more when the try is long over", async () => {
  const { outbox, sends, time } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.discard(clientId);
  await accept(sends[1], null);
  assert.ok(!isEmpty(outbox), "it may still arrive");
  assert.ok(outbox.isIdle, "but nobody needs to wait for it");
  time.now += 61_000;
  outbox.resume();
  await accept(sends[2], null);
  assert.deepEqual(sends.map((send) => send.kind), ["post", "find", "find"]);
  assert.ok(isEmpty(outbox));
});

test("let go, and stored late: the stream brings it, and it is deleted", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.discard(clientId);
  await accept(sends[1], null);
  outbox.settle(clientId);
  await accept(sends[2], { id: 5 });
  assert.equal(sends[3].kind, "erase");
});

test("the stream brings one that was changed, with whatever text: the ack decides", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.post(ROOM, "a, mended", { clientId });
  outbox.settle(clientId);
  assert.ok(!isEmpty(outbox));
  await accept(sends[1]);
  assert.ok(isEmpty(outbox));
});

test("what stands in a box to be changed is not shown a second time", async () => {
  const before = stage();
  const { clientId } = before.outbox.post(ROOM, "a");
  await refuse(before.sends[0], "offline");
  before.held.add(clientId);
  before.outbox.hold(clientId);
  const { outbox, sends, states } = before.again();
  outbox.start();
  assert.deepEqual(states, ["a gone"]);
  assert.equal(sends.length, 0);
});

test("let go while a try made the server fail, it is looked for all the same", async () => {
  const { clock, outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  for (let index = 0; index < 2; index += 1) {
    await refuse(sends[index], "internal_error");
    await clock.tick();
  }
  outbox.discard(clientId);
  await refuse(sends[2], "internal_error");
  assert.equal(sends[3].kind, "find");
  await refuse(sends[3], "internal_error");
  assert.ok(!isEmpty(outbox), "it may be stored");
  outbox.resume();
  assert.equal(sends[4].kind, "find");
});

test("one that comes in again is shown at once, though the box still holds it in that moment", async () => {
  const { outbox, sends, states, held } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  held.add(clientId);
  outbox.hold(clientId);
  outbox.post(ROOM, "a, mended", { clientId });
  assert.ok(states.includes("a, mended queued"));
});

test("changed and changed back, it ends as it was, though the first change was stored", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.post(ROOM, "b", { clientId });
  await accept(sends[1], { id: 5, version: 3, duplicate: true, mismatch: true });
  await refuse(sends[2], "offline");
  outbox.post(ROOM, "a", { clientId });
  await accept(sends[3], { id: 5, version: 3, duplicate: true, mismatch: false });
  assert.deepEqual([sends[4].kind, sends[4].what], ["edit", [5, "a", 3]]);
});

test("what was let go before a restore of the server does not stay in the browser", () => {
  const before = stage();
  const { clientId } = before.outbox.post(ROOM, "a");
  before.outbox.discard(clientId);
  const { outbox, sends, states } = before.again({ epoch: "two" });
  outbox.start();
  assert.ok(isEmpty(outbox));
  assert.deepEqual([states, sends], [[], []]);
});

test("one that comes in again while the server refuses to look for it is not let go", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.discard(clientId);
  outbox.post(ROOM, "a, after all", { clientId });
  await refuse(sends[1], "room_not_found");
  assert.equal(sends[2].entry.body, "a, after all");
});

test("what a text answers goes with it, through tries, a reload and being taken back", async () => { // behaviour 39
  const first = stage();
  const { clientId } = first.outbox.post(ROOM, "yes", { replyTo: 3 });
  await refuse(first.sends[0], "offline");
  const { outbox, sends } = first.again();
  outbox.start();
  assert.deepEqual(sends.map((send) => send.entry.replyTo), [3]);
  await refuse(sends[0], "message_too_long", "Too long.");
  assert.equal(outbox.hold(clientId).replyTo, 3);
  outbox.post(ROOM, "yes", { clientId, replyTo: null });
  assert.equal(sends[1].entry.replyTo, null);
});

test("when what it answers was deleted, it is refused, and may go out by itself", async () => { // behaviour 39
  const { outbox, sends, states } = stage();
  const { clientId } = outbox.post(ROOM, "yes", { replyTo: 3 });
  await refuse(sends[0], "replied_deleted", "It was deleted.");
  assert.equal(states.at(-1), "yes failed");
  assert.equal(outbox.store.get(clientId).reason, "It was deleted.");
  outbox.retry(clientId);
  assert.deepEqual([sends[1].entry.clientId, sends[1].entry.replyTo], [clientId, null]);
  await accept(sends[1]);
  assert.ok(isEmpty(outbox));
});

test("before one leaves, what was let go is looked for at once, and one that is found is deleted", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "bad_luck", "No.");
  outbox.store.put({ ...outbox.store.get(clientId), state: "stray", isTried: true, isDiscarded: true });
  let isDone = false;
  outbox.withdraw().then(() => { isDone = true; });
  assert.equal(sends[1].kind, "find");
  await accept(sends[1], { id: 5 });
  assert.deepEqual([sends[2].kind, sends[2].what[0], isDone], ["erase", 5, false]);
  await accept(sends[2]);
  assert.equal(isDone, true);
  assert.equal(isEmpty(outbox), true);
});

test("leaving does not fail where it cannot be looked for", async () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.discard(clientId);
  const done = outbox.withdraw();
  await refuse(sends[1], "offline");
  await done;
});
