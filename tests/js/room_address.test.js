import assert from "node:assert/strict";
import test from "node:test";

import { roomAddress } from "../../static/js/room/room_address.js";

const at = (path) => roomAddress(new URL(path, "https://chat.example"));

test("a room's own address shows its newest messages", () => {
  assert.deepEqual(at("/rooms/7"), { roomId: 7, number: null, page: "/rooms/7", path: "/rooms/7" });
});

test("a message's address, however it is written, shows what stands around it", () => {
  const expected = { roomId: 7, number: 12, page: "/rooms/7?around=12", path: "/rooms/7?around=12#message-12" };
  for (const path of ["/rooms/7/messages/12", "/rooms/7?around=12", "/rooms/7?around=12#message-12", "/rooms/7#message-12"]) {
    assert.deepEqual(at(path), expected, path);
  }
});

test("what is no room, or asks for something else, is left to the browser", () => {
  for (const path of [
    "/", "/rooms", "/rooms/new", "/rooms/7/members", "/rooms/7/messages", "/rooms/7/messages/12/edits", "/rooms/7/changes",
    "/rooms/7?before=12", "/rooms/7?after=12", "/rooms/7?around=", "/rooms/7?around=1&x=2", "/rooms/-7", "/rooms/7a", "/x/rooms/7",
    `/rooms/${"9".repeat(30)}`,
  ]) assert.equal(at(path), null, path);
});
