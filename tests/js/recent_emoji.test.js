import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentEmoji } from "../../static/js/room/recent_emoji.js";
import { sharedStorage } from "./support.js";

test("the emoji one chose are one's own, each once, the newest first, twenty-four at the most", () => {
  const storage = sharedStorage().tab();
  const [alice, bob] = [new RecentEmoji(storage, 1), new RecentEmoji(storage, 12)];
  for (let code = 0; code < 30; code += 1) alice.choose(String.fromCodePoint(0x1f600 + code));
  alice.choose("😜");
  assert.deepEqual(alice.all.slice(0, 3), ["😜", "😝", "😛"]);
  assert.equal(alice.all.length, 24);
  assert.deepEqual(bob.all, []);
});

test("they are let go of, and those of others stay", () => {
  const storage = sharedStorage().tab();
  const [alice, bob] = [new RecentEmoji(storage, 1), new RecentEmoji(storage, 12)];
  for (const each of [alice, bob]) each.choose("🦔");
  alice.clear();
  assert.deepEqual(new RecentEmoji(storage, 1).all, []);
  assert.deepEqual(new RecentEmoji(storage, 12).all, ["🦔"]);
});

test("what somebody else wrote there is no list", () => {
  const storage = sharedStorage().tab();
  storage.setItem("chatapp:emoji:1:recent", "[1,\"🦔\"]");
  assert.deepEqual(new RecentEmoji(storage, 1).all, ["🦔"]);
  assert.deepEqual(new RecentEmoji(null, 1).all, []);
});
