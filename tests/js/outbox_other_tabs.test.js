import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOM, accept, refuse, stage } from "./outbox_stage.js";
import { sharedStorage } from "./support.js";

/** What a second tab says of what the first one does. It hears of it when it is done: by then the storage may be further. */
function twoTabs() {
  const events = [];
  const shared = sharedStorage({ hears: (_, event) => events.push(event) });
  const [one, other] = [stage({ storage: shared.tab() }), stage({ storage: shared.tab() })];
  const hear = () => { for (const event of events.splice(0)) other.outbox.noticed(other.outbox.store.changeIn(event)); };
  return { one, other, hear };
}

test("what one tab has sent is sent in the other", async () => {
  const { one, other, hear } = twoTabs();
  one.outbox.post(ROOM, "a");
  hear();
  await accept(one.sends[0]);
  hear();
  assert.equal(other.states.at(-1), "a sent");
});

test("what was let go is gone in the other, never sent", () => {
  const { one, other, hear } = twoTabs();
  const entry = one.outbox.store.put({ clientId: "c", roomId: ROOM, body: "a", state: "queued", at: 1 });
  assert.ok(entry);
  hear();
  one.outbox.discard("c");
  hear();
  assert.ok(!other.states.includes("a sent"), other.states.join());
  assert.equal(other.states.at(-1), "a gone");
});

test("what was refused and became a message of its own was not sent in the other", async () => {
  const { one, other, hear } = twoTabs();
  const { clientId } = one.outbox.post(ROOM, "a");
  await refuse(one.sends[0], "offline");
  one.outbox.post(ROOM, "a, mended", { clientId });
  await refuse(one.sends[1], "message_deleted", "It was deleted.");
  hear();
  assert.ok(!other.states.some((state) => state.endsWith("sent")), other.states.join());
  assert.ok(other.states.includes("a, mended failed"));
  assert.equal(other.outbox.store.entries().length, 1);
});

test("a tab that ends while it gives one another name leaves nothing of the former behind", () => {
  const { outbox, states } = stage();
  outbox.store.put({ clientId: "c", roomId: ROOM, body: "a", state: "failed", at: 1, epoch: "one", isRenamed: true });
  outbox.start();
  assert.deepEqual([states, outbox.store.entries()], [[], []]);
});

test("what has just left the box in one tab waits in the other, which may still see it in the box", () => {
  const { one, other, hear } = twoTabs();
  other.held.add("c"); // the storage tells other tabs late
  one.outbox.post(ROOM, "a", { clientId: "c", isNew: true });
  hear();
  assert.deepEqual([...new Set(other.states)], ["a queued"]);
});
