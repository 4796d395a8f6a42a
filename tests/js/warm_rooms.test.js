import assert from "node:assert/strict";
import test from "node:test";

import { WarmRooms } from "../../static/js/room/warm_rooms.js";

const room = (name, isWriting = false) => ({ name, isWriting });
const warmRooms = (most) => new WarmRooms({ most, isHeld: ({ isWriting }) => isWriting });

test("the room that was left longest ago goes first", () => {
  const warm = warmRooms(2);
  for (const id of [1, 2, 1, 3]) warm.put(id, room(`room ${id}`));
  assert.deepEqual([1, 2, 3].map((id) => warm.has(id)), [true, false, true]);
});

test("a room is taken once", () => {
  const warm = warmRooms(2);
  warm.put(1, room("one"));
  assert.equal(warm.take(1).name, "one");
  assert.equal(warm.take(1), null);
});

test("one in which somebody writes stays, and takes no other's place", () => {
  const warm = warmRooms(1);
  warm.put(1, room("writing", true));
  for (const id of [2, 3]) warm.put(id, room("read"));
  assert.deepEqual([1, 2, 3].map((id) => warm.has(id)), [true, false, true]);
  assert.equal(warm.isHolding, true);
  warm.take(1);
  assert.equal(warm.isHolding, false);
});
