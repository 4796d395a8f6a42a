import assert from "node:assert/strict";
import { test } from "node:test";
import { patiently } from "../../static/js/room/patience.js";
import { RequestError } from "../../static/js/room/request_error.js";
import { ROOM, isEmpty, stage } from "./outbox_stage.js";
import { quiet, standingClock } from "./support.js";

const SLOWER = new RequestError("slow_down", "That was too often.", 0.05);

function refusing(error, times) {
  const clock = standingClock();
  let asked = 0;
  const answer = patiently(async () => {
    asked += 1;
    if (asked <= times) throw error;
    return "ack";
  }, { delay: clock.delay });
  return { clock, answer, get asked() { return asked; } };
}

test("who is told to slow down asks again when the server said, and gets the answer", async () => {
  const it = refusing(SLOWER, 2);
  await quiet();
  assert.deepEqual([it.asked, it.clock.waiting], [1, [50]]);
  await it.clock.tick();
  assert.deepEqual([it.asked, it.clock.waiting], [2, [50]]);
  await it.clock.tick();
  assert.equal(await it.answer, "ack");
  assert.equal(it.asked, 3);
});

test("any other refusal is told at once", async () => {
  for (const code of ["unavailable", "room_not_found", "offline", "timeout"]) {
    const it = refusing(new RequestError(code, "", 1), 1);
    await assert.rejects(it.answer, { code });
    assert.equal(it.asked, 1);
  }
});

test("a time that is not soon, or none, is for whoever asked", async () => {
  for (const seconds of [0, 11]) {
    const it = refusing(new RequestError("slow_down", "", seconds), 1);
    await assert.rejects(it.answer, { code: "slow_down", retryAfter: seconds });
  }
});

test("it does not ask for ever", async () => {
  const it = refusing(new RequestError("slow_down", "", 3), 100);
  it.answer.catch(() => {});
  for (let tick = 0; tick < 10; tick += 1) await it.clock.tick();
  await assert.rejects(it.answer, { code: "slow_down" });
  assert.equal(it.asked, 4);
});

test("messages that are slowed down keep their order, and none looks failed", async () => { // behaviour 15
  const { clock, outbox, states } = stage();
  const stored = [];
  let tries = 0;
  outbox.wire.post = (entry) => patiently(async () => {
    tries += 1;
    if (tries % 3) throw SLOWER;
    stored.push(entry.body);
    return { id: tries, number: tries, version: tries };
  }, { delay: clock.delay });
  for (const body of ["a", "b", "c"]) outbox.post(ROOM, body);
  for (let tick = 0; tick < 10; tick += 1) await clock.tick();
  assert.deepEqual([stored, tries], [["a", "b", "c"], 9]);
  assert.ok(isEmpty(outbox));
  assert.ok(!states.some((state) => /failed/.test(state)));
});
