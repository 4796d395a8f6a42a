import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeText } from "../../static/js/room/size_text.js";

test("a size is said in the unit that people use for it", () => {
  const said = [0, 999, 1024, 1_047_552, 1_572_864, 26_214_400, 5 * 2 ** 30].map((bytes) => sizeText(bytes, "en"));
  assert.deepEqual(said, ["0 B", "999 B", "1 kB", "1,023 kB", "1.5 MB", "25 MB", "5 GB"]);
});
