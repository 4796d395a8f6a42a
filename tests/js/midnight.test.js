import assert from "node:assert/strict";
import { test } from "node:test";
import { watchDay } from "../../static/js/room/midnight.js";
import { quiet, standingClock } from "./support.js";

function stage(hour, minute, second = 0) {
  const clock = standingClock();
  const it = { clock, time: new Date(2026, 2, 1, hour, minute, second), changes: 0 };
  it.end = watchDay(() => { it.changes += 1; }, { now: () => it.time, delay: clock.delay });
  it.at = async (...time) => {
    it.time = new Date(...time);
    await clock.tick();
  };
  return it;
}

test("at midnight the day changes, and once", async () => { // behaviour 32
  const it = stage(23, 59, 30);
  assert.deepEqual(it.clock.waiting, [30_000]);
  await it.at(2026, 2, 2, 0, 0);
  assert.equal(it.changes, 1);
  await it.at(2026, 2, 2, 0, 1);
  assert.equal(it.changes, 1);
});

test("a machine that slept through midnight learns of it within a minute", async () => {
  const it = stage(18, 0);
  assert.deepEqual(it.clock.waiting, [60_000]);
  await it.at(2026, 2, 4, 9, 0);
  assert.equal(it.changes, 1);
});

test("who has left hears of it no more", async () => {
  const it = stage(23, 59);
  it.end();
  await it.at(2026, 2, 2, 0, 0);
  await quiet();
  assert.equal(it.changes, 0);
  assert.deepEqual(it.clock.waiting, []);
});
