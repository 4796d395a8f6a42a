import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentRooms } from "../../static/js/room/recent_rooms.js";
import { findRooms } from "../../static/js/room/room_finder.js";
import { sharedStorage } from "./support.js";

const room = (id, name, more) => ({ id, name, kind: "open", unread: 0, is_member: true, is_archived: false, ...more });
const ROOMS = [
  room(1, "Attic"), room(2, "Board"), room(3, "Cellar", { unread: 4 }), room(4, "Dana", { kind: "direct", unread: 1 }),
  room(5, "Engine"), room(6, "Foyer", { is_member: false }), room(7, "Garage", { is_archived: true }),
];
const found = (query, { recent = [], currentId = null } = {}) => findRooms(ROOMS, { query, recent, currentId }).map(({ id }) => id);

test("while nothing is typed the unread come first, those for one alone before all", () => {
  assert.deepEqual(found(""), [4, 3, 1, 2, 5]);
});

test("then where one was last, and the room one is in at the end", () => {
  assert.deepEqual(found("", { recent: [2, 5, 1], currentId: 2 }), [4, 3, 5, 1, 2]);
  assert.deepEqual(found(" ", { recent: [3], currentId: 3 }), [4, 1, 2, 5, 3]);
});

test("what is typed finds open rooms one is not in, and archived ones after all others", () => {
  assert.deepEqual(found("foy"), [6]);
  assert.deepEqual(found("gar"), [7]);
  assert.equal(found("a").at(-1), 7);
  assert.deepEqual(found("xyz"), []);
});

test("of names that fit alike the one where one was last comes first", () => {
  const twins = [room(1, "Team a"), room(2, "Team b"), room(3, "Team c", { is_member: false })];
  const ids = findRooms(twins, { query: "team", recent: [2], currentId: null }).map(({ id }) => id);
  assert.deepEqual(ids, [2, 1, 3]);
});

test("of names that fit in the same way the room one is in comes last, then the shorter one first", () => {
  const rooms = [room(1, "Design"), room(2, "Design archive"), room(3, "Design reviews"), room(4, "Designers")];
  const named = (query) => findRooms(rooms, { query, recent: [1, 3], currentId: 1 }).map(({ id }) => id);
  assert.deepEqual(named("des"), [3, 4, 2, 1]);
  assert.deepEqual(named("design"), [1, 3, 4, 2]); // its whole name: that is what was meant
});

test("the list has an end", () => {
  const many = Array.from({ length: 1000 }, (_, index) => room(index, `Room ${index}`));
  assert.equal(findRooms(many, { query: "room", recent: [], currentId: null }).length, 50);
});

test("the rooms one was in are one's own, the newest first, twenty at the most", () => {
  const storage = sharedStorage().tab();
  const [alice, bob] = [new RecentRooms(storage, 1), new RecentRooms(storage, 12)];
  for (let id = 1; id <= 25; id += 1) alice.enter(id);
  alice.enter(24);
  assert.deepEqual(alice.ids.slice(0, 3), [24, 25, 23]);
  assert.equal(alice.ids.length, 20);
  assert.deepEqual(bob.ids, []);
  bob.clear();
  assert.equal(new RecentRooms(storage, 1).ids.length, 20);
  alice.clear();
  assert.deepEqual(alice.ids, []);
});

test("what somebody else wrote there is no list", () => {
  const storage = sharedStorage().tab();
  storage.setItem("chatapp:recent:1:list", "{\"a\":1}");
  assert.deepEqual(new RecentRooms(storage, 1).ids, []);
  assert.deepEqual(new RecentRooms(null, 1).ids, []);
});
