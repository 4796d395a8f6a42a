import assert from "node:assert/strict";
import { test } from "node:test";
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
