import assert from "node:assert/strict";
import { test } from "node:test";
import { PeopleHere } from "../../static/js/room/people_here.js";

const people = (...ids) => ids.map((id) => ({ id, name: `Person ${id}` }));
const some = (came, away = []) => ({ people: people(...came), away, is_everybody: false });
const everybody = (...ids) => ({ people: people(...ids), away: [], is_everybody: true });

test("nothing is known before the server has told of everybody", () => {
  const here = new PeopleHere();
  here.told(some([1]));
  assert.equal(here.isHere(1), null);
  here.told(everybody(2));
  assert.deepEqual([here.isHere(1), here.isHere(2)], [false, true]);
});

test("who comes is here, who goes is away", () => {
  const here = new PeopleHere();
  here.told(everybody(1));
  here.told(some([2], [1]));
  assert.deepEqual([here.isHere(1), here.isHere(2)], [false, true]);
});

test("a new connection begins anew: what was missed in between counts", () => {
  const here = new PeopleHere();
  here.told(everybody(1, 2));
  here.told(everybody(3));
  assert.deepEqual([1, 2, 3].map((id) => here.isHere(id)), [false, false, true]);
});
