import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOM, accept, refuse, stage } from "./outbox_stage.js";

// Why what waits is still there. (behaviour 14)

const OTHER_ROOM = 8;
const why = (told, body) => [told.get(body).state, told.get(body).reason, told.get(body).waitsFor];

for (const code of ["offline", "timeout"]) {
  test(`what waits says why, where the server said nothing: ${code}`, async () => {
    const { outbox, sends, told } = stage();
    outbox.post(ROOM, "a");
    outbox.post(ROOM, "b");
    await refuse(sends[0], code);
    assert.equal(told.get("a").waitsFor, code);
    assert.deepEqual(why(told, "b"), ["queued", "", code]); // it waits behind the first, for the same reason
  });
}

for (const code of ["signed_out", "slow_down", "unavailable", "internal_error"]) {
  test(`what waits says why in the server's words: ${code}`, async () => {
    const { outbox, sends, told } = stage();
    outbox.post(ROOM, "a");
    await refuse(sends[0], code, "For this reason.", 4);
    assert.deepEqual(why(told, "a"), ["queued", "For this reason.", code]);
  });
}

test("a text that is written while its room waits says so from the beginning", async () => {
  const { outbox, sends, told } = stage();
  outbox.post(ROOM, "a");
  await refuse(sends[0], "offline");
  outbox.post(ROOM, "b");
  assert.equal(told.get("b").waitsFor, "offline");
});

test("the newest reason counts", async () => {
  const { outbox, sends, told } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  await refuse(sends[0], "timeout");
  await refuse(sends[1], "signed_out", "Sign in.");
  for (const body of ["a", "b"]) assert.deepEqual(why(told, body), ["queued", "Sign in.", "signed_out"]);
});

test("each room has a reason of its own", async () => {
  const { outbox, sends, told } = stage();
  outbox.post(ROOM, "a");
  outbox.post(OTHER_ROOM, "b");
  await refuse(sends[0], "slow_down", "Slower.", 4);
  assert.equal(told.get("a").waitsFor, "slow_down");
  assert.equal(told.get("b").waitsFor, undefined);
});

test("once the server has answered there is no reason any more", async () => {
  const { outbox, sends, told } = stage();
  for (const body of ["a", "b", "c"]) outbox.post(ROOM, body);
  await refuse(sends[0], "offline");
  outbox.resume();
  assert.equal(told.get("a").waitsFor, "offline"); // it is tried again, and nobody has answered yet
  await accept(sends[1]);
  for (const body of ["b", "c"]) assert.equal(told.get(body).waitsFor, undefined);
});

test("a refusal is an answer, and stays beside the one that was refused alone", async () => {
  const { outbox, sends, told } = stage();
  outbox.post(ROOM, "a");
  outbox.post(ROOM, "b");
  await refuse(sends[0], "timeout");
  await refuse(sends[1], "message_too_long", "Too long.");
  assert.deepEqual(why(told, "a"), ["failed", "Too long.", undefined]);
  assert.deepEqual(why(told, "b"), ["sending", "", undefined]);
});

test("a reason is of this moment: after a reload another may be true", async () => {
  const before = stage();
  before.outbox.post(ROOM, "a");
  await refuse(before.sends[0], "offline");
  const { outbox, told } = before.again();
  outbox.start();
  assert.equal(told.get("a").waitsFor, undefined);
});
