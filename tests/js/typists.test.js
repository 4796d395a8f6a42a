import assert from "node:assert/strict";
import { test } from "node:test";
import { Typists } from "../../static/js/room/typists.js";
import { standingClock } from "./support.js";

const ALICE = { id: 1, name: "Alice" };
const BOB = { id: 2, name: "Bob" };
const ME = { id: 9, name: "Me" };

function stage() {
  const clock = standingClock();
  const shown = [];
  const changed = (people) => shown.push(people.map(({ name }) => name).join());
  return { clock, shown, typists: new Typists({ me: ME.id, changed, delay: clock.delay }) };
}

test("the others who type are shown, never oneself", () => {
  const { shown, typists } = stage();
  typists.told([ME]);
  typists.told([ALICE, ME, BOB]);
  assert.deepEqual(shown, ["Alice,Bob"]);
});

test("who has stopped is shown no more", () => {
  const { shown, typists } = stage();
  typists.told([ALICE, BOB]);
  typists.told([BOB]);
  typists.told([]);
  assert.deepEqual(shown, ["Alice,Bob", "Bob", ""]);
});

test("after five seconds without a word it ends", async () => { // behaviour 13
  const { clock, shown, typists } = stage();
  typists.told([ALICE]);
  assert.deepEqual(clock.waiting, [5000]);
  await clock.tick();
  assert.deepEqual(shown, ["Alice", ""]);
});

test("a word in between lets it go on, and changes nothing that is seen", async () => {
  const { clock, shown, typists } = stage();
  typists.told([ALICE]);
  const isOver = clock.tick();
  typists.told([ALICE]);
  await isOver;
  assert.deepEqual(shown, ["Alice"]);
  await clock.tick();
  assert.deepEqual(shown, ["Alice", ""]);
});

test("what somebody typed has come: they are shown no more, the others are", () => {
  const { shown, typists } = stage();
  typists.told([ALICE, BOB]);
  typists.ended(ALICE.id);
  typists.ended(ALICE.id);
  assert.deepEqual(shown, ["Alice,Bob", "Bob"]);
});

test("without a connection nobody is shown", async () => {
  const { clock, shown, typists } = stage();
  typists.told([ALICE]);
  typists.clear();
  typists.told([BOB]);
  await clock.tick();
  assert.deepEqual(shown, ["Alice", "", "Bob", ""]);
});
