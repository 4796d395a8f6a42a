import assert from "node:assert/strict";
import { test } from "node:test";
import { StagedStore } from "../../static/js/room/staged_store.js";
import { sharedStorage } from "./support.js";

test("each person has the files of each room, in their order, until there are none", () => {
  const storage = sharedStorage().tab();
  const store = new StagedStore(storage, 7);
  const staged = [{ id: "b", alt: "two cats" }, { id: "a", alt: "" }];
  store.put(1, staged);
  store.put(2, [{ id: "c", alt: "" }]);
  assert.deepEqual(new StagedStore(storage, 7).get(1), staged);
  assert.deepEqual(new StagedStore(storage, 8).get(1), []);
  store.put(1, []);
  assert.deepEqual([store.get(1), store.get(2).length], [[], 1]);
  assert.equal(storage.getItem("chatapp:staged:7:1"), null);
});

test("what somebody else wrote there, and no storage at all, are no files", () => {
  const storage = sharedStorage().tab();
  for (const written of ["nonsense", "7", '{"id": "a"}', '[null, 7, {"id": 7}]']) {
    storage.setItem("chatapp:staged:7:1", written);
    assert.deepEqual(new StagedStore(storage, 7).get(1), [], written);
  }
  const store = new StagedStore(null, 7);
  store.put(1, [{ id: "a", alt: "" }]);
  assert.deepEqual(store.get(1), [{ id: "a", alt: "" }]);
});
