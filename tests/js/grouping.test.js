import assert from "node:assert/strict";
import { test } from "node:test";
import { continues, sameDay } from "../../static/js/room/grouping.js";

const at = (hour, minute, author = "1") => ({ author, time: new Date(2026, 2, 1, hour, minute) });

test("posts of one person within five minutes belong together", () => { // behaviour 31
  assert.ok(continues(at(9, 0), at(9, 4)));
  assert.ok(!continues(at(9, 0), at(9, 5)));
  assert.ok(!continues(at(9, 0), at(9, 1, "2")));
  assert.ok(!continues(null, at(9, 0)));
});

test("a change of day in the reader's zone breaks the group", () => { // behaviour 32
  const midnight = { author: "1", time: new Date(2026, 2, 2, 0, 1) };
  assert.ok(!continues(at(23, 59), midnight));
  assert.ok(!sameDay(at(23, 59).time, midnight.time));
});

test("the first unread message stands by itself, under the line that says so", () => { // behaviour 31
  assert.ok(!continues(at(9, 0), { ...at(9, 1), isFirstUnread: true }));
  assert.ok(continues({ ...at(9, 0), isFirstUnread: true }, at(9, 1)));
});
