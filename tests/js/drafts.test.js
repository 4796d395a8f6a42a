import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../../static/js/room/drafts.js";
import { sharedStorage } from "./support.js";

test("a draft is its person's and its room's", () => { // behaviour 5
  const storage = sharedStorage().tab();
  const [alice, bob] = [new Drafts(storage, 1), new Drafts(storage, 12)];
  alice.put(7, { body: "  hello\n" });
  alice.put(8, { body: "there", clientId: "c", replyTo: 3 });
  assert.deepEqual(alice.get(7), { body: "  hello\n", clientId: null, replyTo: null });
  assert.deepEqual(alice.get(8), { body: "there", clientId: "c", replyTo: 3 });
  assert.deepEqual(alice.rooms().sort(), [7, 8]);
  assert.deepEqual(bob.rooms(), []);
  bob.clear();
  assert.equal(alice.rooms().length, 2);
  alice.clear();
  assert.deepEqual(alice.get(7), { body: "", clientId: null, replyTo: null });
});

test("a blank draft is none", () => {
  const drafts = new Drafts(sharedStorage().tab(), 1);
  drafts.put(7, { body: "x" });
  drafts.put(7, { body: " \n " });
  assert.deepEqual(drafts.rooms(), []);
});

test("the last edit of any tab wins", () => { // behaviour 50
  const shared = sharedStorage();
  const [one, other] = [new Drafts(shared.tab(), 1), new Drafts(shared.tab(), 1)];
  one.put(7, { body: "one" });
  other.put(7, { body: "other" });
  assert.equal(one.get(7).body, "other");
});

test("it knows which message that was taken back stands in one", () => {
  const drafts = new Drafts(sharedStorage().tab(), 1);
  drafts.put(7, { body: "x", clientId: "c" });
  assert.ok(drafts.holds("c"));
  drafts.put(7, { body: "x" });
  assert.ok(!drafts.holds("c"));
});

test("its own change of the storage is told from others", () => {
  const drafts = new Drafts(sharedStorage().tab(), 1);
  assert.ok(drafts.isOf(7, "chatapp:draft:1:7"));
  for (const key of ["chatapp:draft:1:77", "chatapp:draft:11:7", "chatapp:outbox:1:7", null]) assert.ok(!drafts.isOf(7, key));
});

test("what stands there and is no draft counts for none", () => {
  const shared = sharedStorage();
  shared.items.set("chatapp:draft:1:7", '{"body": 5}');
  assert.deepEqual(new Drafts(shared.tab(), 1).rooms(), []);
});
