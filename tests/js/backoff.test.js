import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../static/js/room/backoff.js";

test("the wait doubles from a second to fifteen", () => { // behaviour 46
  const backoff = new Backoff(() => 1);
  assert.deepEqual(Array.from({ length: 7 }, () => backoff.next()), [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("it is spread over its second half, and is never shorter than half a second", () => {
  const backoff = new Backoff(() => 0);
  assert.deepEqual(Array.from({ length: 6 }, () => backoff.next()), [500, 1000, 2000, 4000, 7500, 7500]);
});

test("after a success it begins anew", () => {
  const backoff = new Backoff(() => 1);
  for (let count = 0; count < 5; count += 1) backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 1000);
});
