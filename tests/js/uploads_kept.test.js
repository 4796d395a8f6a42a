import assert from "node:assert/strict";
import { test } from "node:test";
import { isRetriable } from "../../static/js/room/uploads.js";
import { quiet } from "./support.js";
import { done, file, names, refuse, stage } from "./uploads_stage.js";

test("what has come outlives the page, as far as the server has it still and it is in no message", async () => {
  const { uploads, asked } = stage();
  uploads.restore([{ id: 7, name: "taken back", size: 5 }]);
  uploads.add([file("a"), file("b")]);
  await quiet();
  await done(asked[0], 1);
  uploads.describe(uploads.items[1].id, "two cats");
  assert.deepEqual(uploads.kept, [{ id: "id-2", alt: "two cats" }]);
  const next = stage();
  const kept = [...uploads.kept, { id: "sent" }, { id: "gone" }, { id: "broken" }, { id: "half" }];
  const revived = next.uploads.revive(kept);
  await quiet();
  const [first, sent, gone, broken, half] = next.asked;
  assert.deepEqual([first.kind, first.item.id], ["find", "id-2"]);
  const upload = { id: 1, name: "a", size: 5 };
  first.resolve({ upload, is_sent: false, is_unscanned: true });
  sent.resolve({ upload, is_sent: true });
  gone.resolve(null);
  await refuse(broken, "offline");
  half.resolve({ upload: null, offset: 2 });
  assert.equal(await revived, 3);
  const [item] = next.uploads.items;
  assert.deepEqual([names(next.uploads.items), item.state, item.isUnscanned], [["a"], "done", true]);
  assert.deepEqual(next.uploads.uploads, [{ ...upload, alt: "two cats" }]);
  assert.deepEqual(next.uploads.kept, [{ id: "id-2", alt: "two cats" }]);
  assert.deepEqual(next.clock.waiting, [5000]); // it is watched until it was scanned
});

test("what is refused after a reload is nothing to be tried again: its bytes went with the page before", async () => {
  const { uploads, asked, clock } = stage();
  const revived = uploads.revive([{ id: "a", alt: "two cats" }]);
  await quiet();
  asked[0].resolve({ upload: { id: 1, name: "a", size: 5 }, is_sent: false, is_unscanned: true });
  await revived;
  await clock.tick();
  await refuse(asked[1], "upload_infected", "Something bad is in it.");
  const [item] = uploads.items;
  assert.deepEqual([item.state, item.reason, item.upload], ["failed", "Something bad is in it.", null]);
  assert.equal(isRetriable(item), false);
  uploads.retry(item.id);
  uploads.resume();
  await quiet();
  assert.deepEqual([item.state, asked.length, uploads.kept], ["failed", 2, []]);
  uploads.remove(item.id);
  assert.equal(uploads.isEmpty, true);
});

test("what is gone from the server while it is watched did not arrive", async () => {
  const { uploads, asked, clock } = stage();
  const revived = uploads.revive([{ id: "a", alt: "" }]);
  await quiet();
  asked[0].resolve({ upload: { id: 1, name: "a", size: 5 }, is_sent: false, is_unscanned: true });
  await revived;
  await clock.tick();
  asked[1].resolve(null);
  await quiet();
  const [item] = uploads.items;
  assert.deepEqual([item.state, item.code, item.upload, isRetriable(item)], ["failed", "upload_not_found", null, false]);
  assert.deepEqual([uploads.kept, uploads.uploads, clock.waiting], [[], [], []]);
});

test("what was refused on the page that has its bytes may be tried again", async () => {
  const { uploads, asked } = stage();
  uploads.add([file("a")]);
  await quiet();
  await refuse(asked[0], "upload_infected");
  assert.equal(isRetriable(uploads.items[0]), true);
  uploads.retry("id-1");
  assert.equal(isRetriable(uploads.items[0]), false);
});

for (const [answer, say] of [
  ["that it is unknown", (request) => request.resolve(null)],
  ["a refusal", (request) => refuse(request, "upload_infected")],
]) {
  test(`what is removed while it is watched stays removed when the answer comes after: ${answer}`, async () => {
    const { uploads, asked, clock, states } = stage();
    const revived = uploads.revive([{ id: "a", alt: "" }]);
    await quiet();
    asked[0].resolve({ upload: { id: 1, name: "a", size: 5 }, is_sent: false, is_unscanned: true });
    await revived;
    await clock.tick();
    uploads.remove("a");
    await say(asked[1]);
    await quiet();
    assert.equal(states.at(-1), "a gone 5");
  });
}
