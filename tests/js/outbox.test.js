import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../static/js/room/outbox.js";
import { RequestError } from "../../static/js/room/request_error.js";
import { quiet, standingClock } from "./support.js";

const ROOM = 7;

/** An outbox whose sends stay open until the test answers them. */
function stage() {
  const clock = standingClock();
  const sends = [];
  const states = [];
  const outbox = new Outbox({
    delay: clock.delay,
    send: (entry) => new Promise((resolve, reject) => sends.push({ entry, resolve, reject })),
    changed: (entry) => states.push(`${entry.body} ${entry.state}`),
  });
  return { clock, outbox, sends, states };
}

async function refuse(send, ...reason) {
  send.reject(new RequestError(...reason));
  await quiet();
}

async function accept(send, ack = { ok: true, version: 1 }) {
  send.resolve(ack);
  await quiet();
}

const bodies = (sends) => sends.map((send) => send.entry.body);

test("one in flight per room, in the order written", async () => { // behaviour 15
  const { outbox, sends, states } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  assert.deepEqual(bodies(sends), ["a"]);
  await accept(sends[0]);
  assert.deepEqual(bodies(sends), ["a", "b"]);
  await accept(sends[1]);
  assert.ok(outbox.isEmpty);
  assert.deepEqual(states, ["a queued", "a sending", "b queued", "a sent", "b sending", "b sent"]);
});

test("two rooms do not wait for each other", () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  outbox.post(8, "b");
  assert.deepEqual(bodies(sends), ["a", "b"]);
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
  assert.ok(outbox.isEmpty);
});

test("a refused one says why and steps aside for the next", async () => { // behaviour 14
  const { outbox, sends, states } = stage();
  const refused = outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  await refuse(sends[0], "message_too_long", "Too long.");
  assert.equal(refused.reason, "Too long.");
  assert.ok(states.includes("a failed"));
  assert.deepEqual(bodies(sends), ["a", "b"]);
});

test("a refused one can be sent again or taken back", async () => { // behaviour 14
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  await refuse(sends[0], "not_a_member", "No.");
  outbox.retry(clientId);
  assert.equal(sends[1].entry.clientId, clientId);
  await refuse(sends[1], "not_a_member", "No.");
  assert.equal(outbox.discard(clientId).body, "a");
  assert.ok(outbox.isEmpty);
});

test("what is on its way can be neither retried nor discarded", () => {
  const { outbox, sends } = stage();
  const { clientId } = outbox.post(ROOM, "a");
  outbox.retry(clientId);
  assert.equal(outbox.discard(clientId), null);
  assert.equal(sends.length, 1);
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
  assert.deepEqual(bodies(sends), ["a", "b"]);
  await accept(sends[0]);
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
  assert.ok(outbox.isEmpty);
});

test("a try that fails after the connection came back is made again at once", async () => {
  const { outbox, sends } = stage();
  outbox.post(ROOM, "a");
  outbox.resume();
  await refuse(sends[0], "signed_out");
  assert.equal(sends.length, 2);
});
