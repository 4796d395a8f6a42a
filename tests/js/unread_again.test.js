import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../../static/js/room/request_error.js";
import { RoomUnread, UnreadRooms } from "../../static/js/room/unread.js";
import { standingClock } from "./support.js";

const ME = 1;
const OTHER = 2;
const ROOM = 7;

/** A room in which others have posted so many messages, as the list has it. */
function counted(posts) {
  return { id: ROOM, version: posts, last_number: posts, unread: posts, last_read_number: 0, generation: 0 };
}

function posted(number, author = OTHER) {
  return { room_id: ROOM, version: number, prev: number - 1, event: "message:posted", number, author: { id: author } };
}

/** Counts that have begun; `fetch` answers from now on. */
async function stage(fetch) {
  const clock = standingClock();
  const all = { clock, unread: null };
  all.unread = new UnreadRooms({ me: ME, delay: clock.delay, changed() {}, fetchRooms: async () => ({ rooms: [counted(0)] }) });
  await all.unread.recount();
  all.unread.fetchRooms = fetch;
  return all;
}

test("a recount that fails is tried again by itself, less and less often, until it succeeds", async () => {
  const all = await stage(async () => { throw new RequestError("unavailable"); });
  all.unread.receive("room:advanced", posted(2)); // after a gap: doubtful, and nothing more may ever come
  await all.clock.tick();
  const waits = [];
  for (let turn = 0; turn < 6; turn += 1) {
    waits.push(...all.clock.waiting);
    await all.clock.tick();
  }
  assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  all.unread.fetchRooms = async () => ({ rooms: [counted(2)] });
  await all.clock.tick();
  assert.equal(all.unread.countOf(ROOM), 2);
  assert.deepEqual(all.clock.waiting, []);
});

test("who is signed out is not asked about again and again", async () => {
  const all = await stage(async () => { throw new RequestError("signed_out"); });
  await all.unread.recount();
  assert.deepEqual(all.clock.waiting, []);
});

test("what has ended asks for nothing more", async () => {
  let asked = 0;
  const all = await stage(async () => { asked += 1; throw new RequestError("offline"); });
  await all.unread.recount();
  all.unread.end();
  await all.clock.tick();
  assert.equal(asked, 1);
});

test("what is heard while a count is under way asks for no second one that the first makes needless", async () => {
  let answer;
  const all = await stage(() => new Promise((resolve) => { answer = resolve; }));
  const counting = all.unread.recount(); // as on every new connection
  all.unread.receive("room:advanced", posted(3)); // after a gap to what stood there before it
  answer({ rooms: [counted(3)] });
  await counting;
  assert.equal(all.unread.countOf(ROOM), 3);
  assert.deepEqual(all.clock.waiting, []);
});

test("one that the first does not explain is asked for", async () => {
  let answer;
  const all = await stage(() => new Promise((resolve) => { answer = resolve; }));
  const counting = all.unread.recount();
  all.unread.receive("room:advanced", posted(3));
  answer({ rooms: [counted(1)] });
  await counting;
  assert.equal(all.clock.waiting.length, 1);
});

test("in a room that one only looks at, nothing is unread", () => {
  const room = new RoomUnread(ME, { ...counted(0), is_member: false });
  for (const [index, author] of [OTHER, ME, OTHER].entries()) room.moved("message:posted", posted(index + 1, author));
  assert.equal(room.count, 0);
  assert.equal(room.isDoubtful, false);
});
