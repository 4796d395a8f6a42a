import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../../static/js/room/server_clock.js";

const HOUR_MS = 3_600_000;
const NOON = Date.parse("2026-03-01T12:00:00Z");

function stage(offHours) {
  const it = { browser: NOON + offHours * HOUR_MS };
  it.clock = new ServerClock(() => it.browser);
  return it;
}

for (const offHours of [-72, -3, 0, 3, 72]) {
  test(`it tells the server's time in a browser that is ${offHours} hours off, and goes on with it`, () => { // behaviour 32
    const it = stage(offHours);
    it.clock.heard("2026-03-01T12:00:00+00:00");
    assert.equal(it.clock.now().toISOString(), "2026-03-01T12:00:00.000Z");
    it.browser += HOUR_MS;
    assert.equal(it.clock.now().toISOString(), "2026-03-01T13:00:00.000Z");
  });
}

test("a browser's clock that is set right is noticed with the next answer", () => {
  const it = stage(72);
  it.clock.heard("2026-03-01T12:00:00Z");
  it.browser = NOON;
  it.clock.heard("Sun, 01 Mar 2026 12:00:00 GMT"); // as the Date of an answer says it
  assert.equal(it.clock.now().getTime(), NOON);
});

test("as long as nothing is said, it is the browser's own time", () => {
  const it = stage(0);
  for (const nothing of [null, undefined, "", "soon"]) it.clock.heard(nothing);
  assert.equal(it.clock.now().getTime(), NOON);
});

test("an answer out of the browser's cache says when it was kept, and not what time it is", () => {
  const it = stage(0);
  const headers = (time, control) => new Headers({ Date: time, ...(control && { "Cache-Control": control }) });
  it.clock.answered(headers("Sun, 01 Mar 2026 13:00:00 GMT", "no-store"));
  for (const control of ["max-age=315360000, public, immutable", "private, no-cache", null]) {
    it.clock.answered(headers("Thu, 26 Feb 2026 12:00:00 GMT", control));
  }
  assert.equal(it.clock.now().toISOString(), "2026-03-01T13:00:00.000Z");
});
