import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../../static/js/room/request_error.js";
import { RoomLink } from "../../static/js/room/room_link.js";
import { quiet, standingClock } from "./support.js";

function stage() {
  const clock = standingClock();
  const stage = { clock, asked: [], heard: [], isConnected: true };
  stage.stream = {
    cursor: 7,
    epoch: "e1",
    opening: () => stage.heard.push("opening"),
    opened: (ack) => stage.heard.push(`opened ${ack.version}`),
    expect: (version) => stage.heard.push(`expect ${version}`),
    refused: (error) => stage.heard.push(`refused ${error.code}`),
  };
  stage.link = new RoomLink({
    roomId: 3,
    stream: stage.stream,
    request: (name, payload, options) => new Promise((resolve, reject) => stage.asked.push({ name, payload, options, resolve, reject })),
    isConnected: () => stage.isConnected,
    opened: (ack, since) => stage.heard.push(`ack ${ack.version} since ${since}`),
    gone: () => stage.heard.push("gone"),
    delay: clock.delay,
  });
  return stage;
}

test("a connection opens the room once, with the cursor, and holds events until the answer", async () => {
  const it = stage();
  it.link.open();
  assert.deepEqual(it.asked.map(({ name, payload }) => [name, payload]), [["room:open", { room_id: 3, since: 7, epoch: "e1" }]]);
  it.asked[0].resolve({ version: 9 });
  await quiet();
  assert.deepEqual(it.heard, ["opening", "ack 9 since 7", "opened 9"]);
});

test("a doubt asks once, soon gives up, and holds nothing", async () => {
  const it = stage();
  it.link.probe();
  it.link.probe();
  assert.deepEqual(it.asked.map(({ options }) => options.timeoutMs), [5000]);
  it.asked[0].resolve({ version: 7 });
  await quiet();
  assert.deepEqual(it.heard, ["ack 7 since 7", "opened 7"]);
  it.link.probe();
  assert.equal(it.asked.length, 2);
});

test("each coming back asks whether the connection lives, once in 5 s, and fetches what is missing", async () => { // behaviour 47
  const it = stage();
  it.link.glance();
  it.link.glance();
  assert.deepEqual(it.asked.map(({ payload, options }) => [payload, options.timeoutMs]), [[{ room_id: 3 }, 5000]]);
  it.asked[0].resolve({ version: 9, epoch: "e1" });
  await quiet();
  assert.deepEqual(it.heard, ["expect 9"]);
  it.link.glance();
  assert.equal(it.asked.length, 1);
  await it.clock.tick();
  it.link.glance();
  assert.equal(it.asked.length, 2);
  it.asked[1].reject(new RequestError("timeout"));
  await quiet();
  assert.deepEqual(it.heard, ["expect 9"]);
});

test("a coming back to a server that was restored opens the room anew", async () => {
  const it = stage();
  it.link.glance();
  it.asked[0].resolve({ version: 9, epoch: "e2" });
  await quiet();
  assert.deepEqual(it.asked[1].payload, { room_id: 3, since: 7, epoch: "e1" });
});

test("without a connection there is nothing to ask", () => {
  const it = stage();
  it.isConnected = false;
  it.link.probe();
  it.link.lost();
  assert.deepEqual([it.asked, it.heard], [[], ["opening"]]);
});

test("no answer on a living connection is asked for again, after the time that the server names", async () => {
  const it = stage();
  it.link.open();
  it.asked[0].reject(new RequestError("slow_down", "", 4));
  await quiet();
  assert.deepEqual(it.clock.waiting, [4000]);
  await it.clock.tick();
  assert.equal(it.asked.length, 2);
});

test("an answer to a connection before is dropped, and so is its wish to ask again", async () => {
  const it = stage();
  it.link.open();
  it.asked[0].reject(new RequestError("timeout"));
  await quiet();
  it.link.open();
  await it.clock.tick();
  assert.equal(it.asked.length, 2, "the new connection asks by itself");
  it.link.open();
  it.asked[1].resolve({ version: 8 });
  await quiet();
  assert.ok(!it.heard.includes("opened 8"));
});

test("a room that is gone, and a sign-in that is over, are not asked for again", async () => {
  for (const code of ["room_not_found", "signed_out", "cursor_ahead"]) {
    const it = stage();
    it.link.open();
    it.asked[0].reject(new RequestError(code));
    await quiet();
    assert.deepEqual(it.clock.waiting, []);
    assert.equal(it.heard.includes("gone"), code === "room_not_found");
  }
});

test("after the end nothing is heard, and the server is told", async () => {
  const it = stage();
  it.link.open();
  it.link.end();
  it.asked[0].resolve({ version: 8 });
  it.asked[1].resolve({});
  await quiet();
  it.link.open();
  assert.deepEqual(it.asked.map(({ name }) => name), ["room:open", "room:close"]);
  assert.deepEqual(it.heard.filter((one) => one !== "opening"), []);
});
