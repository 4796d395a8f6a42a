import assert from "node:assert/strict";
import { test } from "node:test";
import { OutboxStore } from "../../static/js/room/outbox_store.js";
import { sharedStorage } from "./support.js";

const entry = (clientId, at, more = {}) => ({ clientId, roomId: 7, body: clientId, at, state: "queued", ...more });

test("another person at the same browser sees nothing of it, and clears nothing of it", () => {
  const storage = sharedStorage().tab();
  const [alice, bob] = [new OutboxStore(storage, 1), new OutboxStore(storage, 12)];
  alice.put(entry("a", 1));
  bob.put(entry("b", 1));
  assert.deepEqual(bob.entries().map((one) => one.body), ["b"]);
  bob.clear();
  assert.deepEqual(alice.entries().map((one) => one.body), ["a"]);
  assert.deepEqual(bob.entries(), []);
});

test("two tabs that write at the same time lose nothing, and see one order", () => {
  const shared = sharedStorage();
  const [one, other] = [new OutboxStore(shared.tab(), 1), new OutboxStore(shared.tab(), 1)];
  one.put(entry("b", 2));
  other.put(entry("a", 1));
  one.put(entry("c", one.nextTime(0)));
  assert.deepEqual(other.entries().map((each) => each.body), ["a", "b", "c"]);
  assert.deepEqual(one.entries(), other.entries());
});

test("what others wrote under its keys is no entry, and harms none", () => {
  const shared = sharedStorage();
  const store = new OutboxStore(shared.tab(), 1);
  for (const junk of ["", "{", "null", "7", "[]", '{"clientId":1}', '{"clientId":"a","roomId":"7","body":"x"}'])
    shared.items.set(`chatapp:outbox:1:${junk}`, junk);
  store.put(entry("a", 1));
  assert.deepEqual(store.entries().map((one) => one.clientId), ["a"]);
});

test("what a full storage does not take is held with the page, and its newer text comes before an older kept one", () => {
  const own = {};
  const store = new OutboxStore(sharedStorage().tab(own), 1);
  assert.equal(store.put(entry("a", 1)), true);
  own.onWrite = () => { throw new Error("full"); };
  assert.equal(store.put(entry("a", 1, { body: "longer" })), false);
  assert.equal(store.get("a").body, "longer");
  assert.equal(store.isKept("a"), false);
  own.onWrite = null;
  assert.equal(store.put(entry("a", 1, { body: "longer" })), true);
  assert.equal(store.isKept("a"), true);
});

test("without a storage it works for as long as the page lives", () => {
  const store = new OutboxStore(null, 1);
  assert.equal(store.put(entry("a", 1)), false);
  assert.deepEqual(store.entries().map((one) => one.clientId), ["a"]);
  store.remove("a");
  assert.deepEqual(store.entries(), []);
});

test("a change of the storage tells which it was about, and what it was before", () => {
  const events = [];
  const store = new OutboxStore(sharedStorage({ hears: (_, event) => events.push(event) }).tab(), 1);
  store.put(entry("a", 1));
  store.clear();
  const changes = events.map((event) => store.changeIn(event));
  assert.deepEqual(changes.map((change) => change.clientId), ["a", "a", "a"]);
  assert.equal(changes.at(-1).former.isDiscarded, true, "what is cleared is let go, not sent");
  assert.equal(store.changeIn({ key: "chatapp:outbox:2:a" }), null);
  assert.equal(store.changeIn({ key: null }), null);
});

test("what its writer has let go is missed by nobody", () => {
  const store = new OutboxStore(sharedStorage().tab(), 1);
  store.put(entry("a", 1));
  store.put(entry("b", 2, { isDiscarded: true }));
  assert.deepEqual(store.unsent().map((one) => one.clientId), ["a"]);
});
