import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadPointer } from "../../static/js/room/read_pointer.js";

test("nothing is told before the server said how far it is, and nothing twice", async () => {
  const told = [];
  const pointer = new ReadPointer(async (fields) => told.push(fields));
  await pointer.read(5);
  pointer.start({ last_read_number: 3, generation: 2 });
  await pointer.read(3);
  await pointer.read(5);
  await pointer.read(4);
  assert.deepEqual(told, [{ number: 5, generation: 2 }]);
});

test("what could not be told is told again", async () => {
  let works = false;
  const told = [];
  const pointer = new ReadPointer(async ({ number }) => {
    if (!works) throw new Error("offline");
    told.push(number);
  });
  pointer.start({});
  await pointer.read(7);
  works = true;
  await pointer.read(7);
  assert.deepEqual(told, [7]);
});
