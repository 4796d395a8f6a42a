import assert from "node:assert/strict";
import { test } from "node:test";
import { Edits } from "../../static/js/room/edits.js";
import { sharedStorage } from "./support.js";

const EDIT = { roomId: 7, messageId: 31, number: 4, before: "as it was", version: 9, body: "as it sh", tried: [] };

test("an edit is its person's, its room's and its message's", () => {
  const storage = sharedStorage().tab();
  const [alice, bob] = [new Edits(storage, 1), new Edits(storage, 12)];
  alice.put(EDIT);
  alice.put({ ...EDIT, messageId: 30, number: 3, body: "another" });
  alice.put({ ...EDIT, roomId: 71, messageId: 2 });
  assert.deepEqual(alice.get(7, 31), EDIT);
  assert.deepEqual(alice.of(7).map(({ messageId }) => messageId), [30, 31]);
  assert.deepEqual([alice.count, bob.count], [3, 0]);
  assert.equal(bob.get(7, 31), null);
  bob.clear();
  alice.remove(7, 30);
  assert.equal(alice.count, 2);
  alice.clear();
  assert.deepEqual([alice.count, storage.length], [0, 0]);
});

test("what changes nothing is no edit, unless something else may be stored", () => {
  const edits = new Edits(sharedStorage().tab(), 1);
  edits.put(EDIT);
  edits.put({ ...EDIT, body: EDIT.before });
  assert.equal(edits.count, 0);
  edits.put({ ...EDIT, body: EDIT.before, tried: ["as it should be"] });
  assert.equal(edits.count, 1);
});

test("an emptied box is an edit too: that it was emptied is what was written", () => {
  const edits = new Edits(sharedStorage().tab(), 1);
  edits.put({ ...EDIT, body: "" });
  assert.equal(edits.get(7, 31).body, "");
});

test("what somebody else wrote there is none", () => {
  const storage = sharedStorage().tab();
  const edits = new Edits(storage, 1);
  const wrong = ["", "{", "null", "[]", "{}", JSON.stringify({ ...EDIT, body: 1 }), JSON.stringify({ ...EDIT, tried: null })];
  wrong.forEach((record, number) => storage.setItem(`chatapp:edit:1:7:${number}`, record));
  assert.deepEqual(edits.of(7), []);
  assert.equal(edits.count, 0);
});

test("a storage that takes nothing keeps it for as long as the page lives, and says so", () => {
  const edits = new Edits(null, 1);
  assert.equal(edits.put(EDIT), false);
  assert.deepEqual(edits.get(7, 31), EDIT);
  assert.equal(edits.isKept(7, 31), false);
});

test("it knows which change of the storage was about which", () => {
  const edits = new Edits(sharedStorage().tab(), 1);
  assert.ok(edits.isOf(7, 31, "chatapp:edit:1:7:31"));
  for (const key of ["chatapp:edit:12:7:31", "chatapp:edit:1:7:3", "chatapp:draft:1:7", null]) assert.ok(!edits.isOf(7, 31, key));
});
