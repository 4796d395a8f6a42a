import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadPointer } from "../../static/js/room/read_pointer.js";

/** A pointer, and what it told the server, which agrees with everything. */
function stage() {
  const told = [];
  const pointer = new ReadPointer(async ({ number, generation }) => {
    told.push({ number, generation });
    return { last_read_number: number, generation };
  });
  return { pointer, told };
}

test("nothing is told before the server said how far it is, and nothing twice", async () => {
  const { pointer, told } = stage();
  await pointer.read(5);
  pointer.stands({ last_read_number: 3, generation: 2 });
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
    return { last_read_number: number, generation: 0 };
  });
  pointer.stands({});
  await pointer.read(7);
  works = true;
  await pointer.read(7);
  assert.deepEqual(told, [7]);
});

test("what another device has read is not told again", async () => {
  const { pointer, told } = stage();
  pointer.stands({});
  assert.equal(pointer.stands({ last_read_number: 5, generation: 0 }), false);
  pointer.stands({ last_read_number: 2, generation: 0 }); // it came late
  await pointer.read(5);
  assert.deepEqual(told, []);
});

test("marked unread elsewhere the pointer goes back, and says so once", async () => {
  const { pointer, told } = stage();
  pointer.stands({ last_read_number: 5, generation: 0 });
  assert.equal(pointer.stands({ last_read_number: 2, generation: 1 }), true);
  assert.equal(pointer.stands({ last_read_number: 2, generation: 1 }), false);
  await pointer.read(5);
  assert.deepEqual(told, [{ number: 5, generation: 1 }]);
});

test("an older generation moves nothing", async () => {
  const { pointer, told } = stage();
  pointer.stands({ last_read_number: 2, generation: 1 });
  assert.equal(pointer.stands({ last_read_number: 9, generation: 0 }), false);
  await pointer.read(3);
  assert.deepEqual(told, [{ number: 3, generation: 1 }]);
});

test("a reading that the server ignored, because it was marked unread meanwhile, says so", async () => {
  const pointer = new ReadPointer(async () => ({ last_read_number: 1, generation: 1 }));
  pointer.stands({ last_read_number: 3, generation: 0 });
  assert.equal(await pointer.read(5), true);
  assert.equal(pointer.generation, 1);
});

/** A server that holds the pointer as ours does: what is asked under another generation moves nothing. */
function markingServer(stands) {
  return {
    asked: [],
    async mark({ number, generation }) {
      this.asked.push(generation);
      if (generation === stands.generation) Object.assign(stands, { last_read_number: number - 1, generation: generation + 1 });
      return { ...stands };
    },
  };
}

test("marked unread under a generation that is over, it is asked for once more under the new one", async () => {
  const { pointer } = stage();
  pointer.stands({ last_read_number: 9, generation: 1 });
  const server = markingServer({ last_read_number: 7, generation: 3 });
  const reading = await pointer.markUnread(5, (fields) => server.mark(fields));
  assert.deepEqual(reading, { last_read_number: 4, generation: 4 });
  assert.deepEqual(server.asked, [1, 3]);
});

test("a marking that has moved the pointer is not asked for again", async () => {
  const { pointer } = stage();
  pointer.stands({ last_read_number: 9, generation: 1 });
  const server = markingServer({ last_read_number: 9, generation: 1 });
  await pointer.markUnread(5, (fields) => server.mark(fields));
  assert.deepEqual(server.asked, [1]);
});

test("a marking that moves nothing twice is not called done", async () => {
  const { pointer } = stage();
  pointer.stands({ last_read_number: 9, generation: 1 });
  await assert.rejects(pointer.markUnread(5, async () => ({ last_read_number: 9, generation: 8 })), { code: "unavailable" });
});
