import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedWatch } from "../../static/js/room/shared_watch.js";

function stage() {
  const it = { begun: 0, heard: [] };
  it.hear = sharedWatch((tell) => { it.begun += 1; it.tell = tell; });
  it.listener = (name) => (fact) => it.heard.push(`${name} ${fact}`);
  return it;
}

test("nothing is watched before anybody listens, and once for all who do", () => {
  const it = stage();
  assert.equal(it.begun, 0);
  it.hear(it.listener("one"));
  it.hear(it.listener("other"));
  assert.equal(it.begun, 1);
  it.tell("fact");
  assert.deepEqual(it.heard, ["one fact", "other fact"]);
});

test("who has left hears no more, the others do, and who comes again begins no second watching", () => {
  const it = stage();
  const leave = it.hear(it.listener("one"));
  const stay = it.hear(it.listener("other"));
  leave();
  it.tell("a");
  stay();
  it.tell("b");
  it.hear(it.listener("late"));
  it.tell("c");
  assert.deepEqual(it.heard, ["other a", "late c"]);
  assert.equal(it.begun, 1);
});

test("the same handler hears as often as it listens, and who leaves while it is told is not told twice", () => {
  const it = stage();
  const handler = it.listener("same");
  it.hear(handler);
  const leave = it.hear(handler);
  it.tell("a");
  leave();
  it.tell("b");
  assert.deepEqual(it.heard, ["same a", "same a", "same b"]);
});
