import assert from "node:assert/strict";
import test from "node:test";

import { KeptPlaces } from "../../static/js/room/kept_places.js";
import { sharedStorage } from "./support.js";

const PLACE = { number: 300, below: -12.5 };

test("a place is there for the next page of the same person, and for no other", () => {
  const storage = sharedStorage().tab();
  new KeptPlaces(storage, 1, "a").put(7, { ...PLACE, scrollTop: -900, isAtEnd: false });
  assert.deepEqual(new KeptPlaces(storage, 1, "a").get(7), PLACE);
  for (const [userId, epoch] of [[2, "a"], [1, "b"]]) assert.equal(new KeptPlaces(storage, userId, epoch).get(7), null);
  assert.equal(new KeptPlaces(storage, 1, "a").get(8), null);
});

test("whoever was at the end, or sent away, has no place any more", () => {
  for (const place of [{ scrollTop: 0, isAtEnd: true, seen: 9 }, null]) {
    const places = new KeptPlaces(sharedStorage().tab(), 1, "a");
    places.put(7, PLACE);
    places.put(7, place);
    assert.equal(places.get(7), null);
  }
});

test("what somebody else wrote there is no place", () => {
  const storage = sharedStorage().tab();
  const places = new KeptPlaces(storage, 1, "a");
  for (const string of ["", "no", "7", "null", '{"number":"5","below":0}', '{"number":5}', '{"number":-1,"below":0}']) {
    storage.setItem("chatapp:place:1:a:7", string);
    assert.equal(places.get(7), null, string);
  }
});

test("where nothing can be kept, it is for as long as the page lives", () => {
  const places = new KeptPlaces(null, 1, "a");
  places.put(7, PLACE);
  assert.deepEqual(places.get(7), PLACE);
  places.put(7, null);
  assert.equal(places.get(7), null);
});
