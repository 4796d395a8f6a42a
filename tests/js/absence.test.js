import assert from "node:assert/strict";
import { test } from "node:test";
import { Absence, watchSleep } from "../../static/js/room/absence.js";
import { standingClock } from "./support.js";

function stage() {
  const clock = standingClock();
  const stage = { clock, time: 0, wakings: 0 };
  stage.absence = new Absence(() => stage.time);
  stage.end = watchSleep(() => { stage.wakings += 1; }, { now: () => stage.time, delay: clock.delay });
  return stage;
}

test("an absence of more than a minute is a long one", () => { // behaviour 47
  const it = stage();
  it.absence.begin();
  it.time = 60_000;
  assert.equal(it.absence.end(), false);
  it.absence.begin();
  it.time += 60_001;
  assert.equal(it.absence.end(), true);
});

test("it counts from the first sign, and once: hiding a page also takes its focus", () => {
  const it = stage();
  it.absence.begin();
  it.time = 50_000;
  it.absence.begin();
  it.time = 70_000;
  assert.equal(it.absence.end(), true);
  assert.equal(it.absence.end(), false);
});

test("a clock that jumped while nothing ran tells of a sleep", async () => {
  const it = stage();
  it.time += 10_000;
  await it.clock.tick();
  it.time += 60_000; // a hidden tab's timers run once a minute
  await it.clock.tick();
  assert.equal(it.wakings, 0);
  it.time += 8 * 3600 * 1000;
  await it.clock.tick();
  assert.equal(it.wakings, 1);
});

test("a clock that was put back is no sleep", async () => {
  const it = stage();
  it.time -= 3600 * 1000;
  await it.clock.tick();
  assert.equal(it.wakings, 0);
});

test("after its end it watches no more", async () => {
  const it = stage();
  it.end();
  it.time += 3600 * 1000;
  await it.clock.tick();
  assert.deepEqual([it.wakings, it.clock.waiting], [0, []]);
});
