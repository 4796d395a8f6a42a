import assert from "node:assert/strict";
import { test } from "node:test";
import { pastedName } from "../../static/js/room/uploads.js";
import { quiet } from "./support.js";
import { done, file, MB, names, refuse, said, stage } from "./uploads_stage.js";

test("files come two at once, and stand in the order they were added, whichever is there first", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a"), file("b"), file("b")]);
  await quiet();
  assert.deepEqual(asked.map(said), ["put a 0-5", "put b 0-5"]);
  await done(asked[1], 12);
  assert.deepEqual(asked.map(said).slice(2), ["put b 0-5"]);
  await done(asked[2], 13);
  assert.equal(uploads.isRunning, true);
  await done(asked[0], 11);
  assert.equal(uploads.isRunning, false);
  assert.deepEqual(uploads.uploads.map(({ id }) => id), [11, 12, 13]);
});

test("what does not fit into the space that is left is refused, with what waits already counted", async () => {
  const { uploads } = stage();
  const refused = uploads.add([file("a", 40), file("b", 70), file("c", 60), file("d", 0)], 100);
  assert.deepEqual(refused.map(({ file: { name }, reason }) => `${name} ${reason}`), ["b no-space"]);
  assert.deepEqual(names(uploads.items), ["a", "c", "d"]);
  await quiet();
  // Two are on their way and the server counts them; the empty one waits, and takes nothing.
  assert.deepEqual(uploads.add([file("e", 10), file("f", 11)], 20).map(({ file: { name } }) => name), ["f"]);
});

test("an empty file comes as well", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("empty", 0)]);
  await quiet();
  assert.deepEqual(asked.map(said), ["put empty 0-0"]);
});

test("what is too large or too many is refused with the reason, before anything is sent", async () => {
  const { uploads, asked } = stage({ maxCount: 2, maxBytes: 10 });
  const refused = uploads.add([file("a"), file("big", 11), file("b"), file("c")]);
  await quiet();
  assert.deepEqual(refused.map(({ file: { name }, reason }) => `${name} ${reason}`), ["big too-large", "c too-many"]);
  assert.deepEqual(names(uploads.items), ["a", "b"]);
  assert.equal(asked.length, 2);
});

test("a large file is announced, and then comes in parts", async () => {
  const { uploads, asked, states } = stage();
  uploads.add([file("film", 9 * MB)]);
  await quiet();
  for (const offset of [0, 4 * MB, 8 * MB]) {
    asked.at(-1).resolve({ offset, upload: null });
    await quiet();
  }
  assert.deepEqual(asked.map(said), [
    "put film 0-0", `put film 0-${4 * MB}`, `put film ${4 * MB}-${8 * MB}`, `put film ${8 * MB}-${9 * MB}`,
  ]);
  asked.at(-1).progress(5);
  assert.equal(states.at(-1), `film running ${8 * MB + 5}`);
  await done(asked.at(-1));
  assert.equal(uploads.uploads.length, 1);
});

test("after a break it goes on where the server stands, under the same id", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("film", 9 * MB)]);
  await quiet();
  asked[0].resolve({ offset: 0, upload: null });
  await quiet();
  await refuse(asked[1], "offline");
  assert.deepEqual(clock.waiting, [1000]);
  await clock.tick();
  assert.equal(said(asked[2]), "find film");
  asked[2].resolve({ offset: 4 * MB, upload: null });
  await quiet();
  assert.equal(said(asked[3]), `put film ${4 * MB}-${6 * MB}`);
  assert.equal(asked[3].item.id, asked[0].item.id);
});

test("a file that had come whole although nobody answered is not sent again", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("a")]);
  await quiet();
  await refuse(asked[0], "timeout");
  await clock.tick();
  await done({ ...asked[1], item: { ...asked[1].item, size: 5 } }, 4);
  assert.deepEqual(asked.map(said), ["put a 0-5", "find a"]);
  assert.deepEqual(uploads.uploads.map(({ id }) => id), [4]);
});

test("a file whose parts are all there is asked for once more with none", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("a")]);
  await quiet();
  await refuse(asked[0], "offline");
  await clock.tick();
  asked[1].resolve({ offset: 5, upload: null });
  await quiet();
  assert.equal(said(asked[2]), "put a 5-5");
});

test("what says something against the file fails at once with its sentence, and comes again when asked to", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a")]);
  await quiet();
  await refuse(asked[0], "upload_quota_full", "No space.");
  const [item] = uploads.items;
  assert.deepEqual([item.state, item.reason, uploads.hasFailed], ["failed", "No space.", true]);
  uploads.resume();
  assert.equal(asked.length, 1);
  uploads.retry(item.id);
  await quiet();
  assert.equal(said(asked[1]), "find a");
  asked[1].resolve(null);
  await quiet();
  await done(asked[2]);
  assert.deepEqual([uploads.hasFailed, uploads.uploads.length], [false, 1]);
});

test("after some tries it waits for its sender, or for the connection", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("a")]);
  await quiet();
  for (let tries = 0; tries < 5; tries += 1) {
    await refuse(asked.at(-1), "offline");
    await clock.tick();
  }
  assert.equal(uploads.items[0].state, "failed");
  uploads.resume();
  await quiet();
  assert.equal(uploads.items[0].state, "running");
});

test("one that is removed on its way is stopped, and the next begins", async () => {
  const { uploads, asked, states } = stage();
  uploads.add([file("a"), file("b"), file("c")]);
  await quiet();
  uploads.remove(uploads.items[0].id);
  assert.equal(asked[0].signal.aborted, true);
  await refuse(asked[0], "offline");
  assert.deepEqual(names(uploads.items), ["b", "c"]);
  assert.deepEqual(asked.slice(2).map(said), ["stop a", "put c 0-5"]);
  assert.ok(states.includes("a gone 0"));
  assert.equal(states.some((state) => state.startsWith("a failed")), false);
});

test("one that has not begun, and one that failed, are let go of as far as they came", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a"), file("b"), file("waiting")]);
  await quiet();
  uploads.remove(uploads.items[2].id);
  await refuse(asked[0], "upload_quota_full", "No space.");
  uploads.remove(uploads.items[0].id);
  assert.deepEqual(asked.slice(2).map(said), ["stop a"]);
});

test("one that is there is removed on the server as well; those of a sent message are not", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a"), file("b")]);
  await quiet();
  await done(asked[0], 11);
  await done(asked[1], 12);
  uploads.remove(uploads.items[0].id);
  uploads.clear();
  assert.equal(uploads.isEmpty, true);
  assert.deepEqual(asked.slice(2).map(said), ["remove 11"]);
});

test("files of a message that was taken back stand there again, without being sent", async () => {
  const { uploads, asked } = stage();
  uploads.restore([{ id: 7, name: "a", size: 5 }]);
  await quiet();
  assert.deepEqual([uploads.uploads.map(({ id }) => id), uploads.isRunning, asked.length], [[7], false, 0]);
});

test("what one shows goes with it, and comes back with a message that is taken back", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a"), file("b")]);
  await quiet();
  uploads.describe(uploads.items[1].id, "two cats");
  await done(asked[0], 1);
  await done(asked[1], 2);
  assert.deepEqual(uploads.uploads.map(({ id, alt }) => [id, alt]), [[1, ""], [2, "two cats"]]);
  const again = stage().uploads;
  again.restore([...uploads.uploads, { id: 3, name: "c", size: 5, alt: null }]);
  assert.deepEqual(again.uploads.map(({ alt }) => alt), ["", "two cats", ""]);
});

test("a pasted picture is called after the minute", () => {
  const now = new Date(2026, 2, 1, 9, 5);
  assert.equal(pastedName(now, "image/png"), "pasted-2026-03-01-0905.png");
  assert.equal(pastedName(now, "image/jpeg"), "pasted-2026-03-01-0905.jpg");
  assert.equal(pastedName(now, "image/svg+xml"), "pasted-2026-03-01-0905.svg");
  assert.equal(pastedName(now, "text/plain"), "pasted-2026-03-01-0905.txt");
});

test("what was not scanned yet may be sent, and is watched until it was, or is refused", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("a"), file("b")]);
  await quiet();
  for (const [id, request] of asked.slice().entries()) {
    request.resolve({ offset: 5, upload: { id, name: request.item.name, size: 5 }, is_unscanned: true });
  }
  await quiet();
  assert.deepEqual([uploads.isRunning, uploads.uploads.length], [false, 2]);
  assert.deepEqual(uploads.items.map(({ isUnscanned }) => isUnscanned), [true, true]);
  await clock.tick();
  assert.deepEqual(asked.slice(2).map(({ kind }) => kind), ["find", "find"]);
  await refuse(asked[2], "offline");
  asked[3].resolve({ offset: 5, upload: { id: 1 }, is_unscanned: false });
  await quiet();
  assert.deepEqual(uploads.items.map(({ isUnscanned }) => isUnscanned), [true, false]);
  await clock.tick();
  await refuse(asked[4], "upload_infected", "Something was found.");
  const [first] = uploads.items;
  assert.deepEqual([first.state, first.reason, first.isUnscanned], ["failed", "Something was found.", false]);
  assert.deepEqual(uploads.uploads.map(({ name }) => name), ["b"]);
  await clock.tick();
  assert.equal(asked.length, 5);
});

test("nobody watches what was sent", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("a")]);
  await quiet();
  asked[0].resolve({ offset: 5, upload: { id: 1 }, is_unscanned: true });
  await quiet();
  uploads.clear();
  await clock.tick();
  assert.equal(asked.length, 1);
});
