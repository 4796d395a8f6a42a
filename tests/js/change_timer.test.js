import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeTimer } from "../../static/js/room/change_timer.js";
import { quiet, standingClock } from "./support.js";

function stage() {
  const clock = standingClock();
  const stage = { clock, looks: 0, told: [], failure: null, isVisible: true };
  stage.timer = new ChangeTimer({
    look: async () => { stage.looks += 1; return stage.failure; },
    told: (failure) => stage.told.push(failure),
    isVisible: () => stage.isVisible,
    delay: clock.delay,
    random: () => 0.5,
  });
  return stage;
}

test("it asks every three seconds, the first time only when no socket came back meanwhile", async () => {
  const it = stage();
  it.timer.start();
  assert.deepEqual([it.clock.waiting, it.looks], [[3000], 0]);
  await it.clock.tick();
  await it.clock.tick();
  assert.deepEqual([it.clock.waiting, it.looks, it.told], [[3000], 2, [null, null]]);
});

test("a hidden page asks every half minute", async () => {
  const it = stage();
  it.isVisible = false;
  it.timer.start();
  await it.clock.tick();
  assert.deepEqual(it.clock.waiting, [30_000]);
});

test("failures make it slower, up to a minute, and a success as fast as before", async () => {
  const it = stage();
  it.failure = { code: "offline" };
  it.timer.start();
  const waits = [];
  for (let count = 0; count < 6; count += 1) {
    await it.clock.tick();
    waits.push(it.clock.waiting[0]);
  }
  assert.deepEqual(waits, [6000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  it.failure = null;
  await it.clock.tick();
  assert.deepEqual(it.clock.waiting, [3000]);
});

test("a socket ends it, also while an answer is on its way", async () => {
  const it = stage();
  it.timer.start();
  it.timer.stop();
  await it.clock.tick();
  assert.equal(it.looks, 0);
  it.timer.start();
  await it.clock.tick();
  it.timer.stop();
  await it.clock.tick();
  assert.deepEqual([it.looks, it.clock.waiting], [1, []]);
});

test("who waits for something does not wait for the timer, and there is still one of it", async () => {
  const it = stage();
  it.timer.hurry();
  assert.equal(it.looks, 0, "a socket is there");
  it.timer.start();
  it.timer.start();
  it.timer.hurry();
  await quiet();
  assert.equal(it.looks, 1);
  await it.clock.tick();
  assert.deepEqual([it.looks, it.clock.waiting], [2, [3000]]);
});
