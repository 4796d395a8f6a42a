import assert from "node:assert/strict";
import { test } from "node:test";
import { quiet } from "./support.js";
import { file, MB, refuse, said, stage } from "./uploads_stage.js";

test("on a slow line the parts become smaller until one gets through", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("film", 3 * MB)]);
  await quiet();
  const sizes = [];
  for (const code of ["timeout", "offline", "unavailable", "upload_length_wrong"]) {
    const { start, end } = asked.at(-1);
    sizes.push(end - start);
    await refuse(asked.at(-1), code);
    await clock.tick();
    asked.at(-1).resolve({ offset: 0, upload: null }); // what was found of it
    await quiet();
  }
  const KB = 1024;
  assert.deepEqual([...sizes, asked.at(-1).end], [3 * MB, 2 * MB, 1 * MB, 512 * KB, 256 * KB]);
  // One that gets through is a step forward: from here on it may fail as often again, and never gets smaller.
  for (let tries = 1; tries < 5; tries += 1) {
    asked.at(-1).resolve({ offset: 256 * KB, upload: null });
    await quiet();
    await refuse(asked.at(-1), "timeout");
    await clock.tick();
  }
  assert.equal(uploads.items[0].state, "running");
  asked.at(-1).resolve({ offset: 256 * KB, upload: null });
  await quiet();
  assert.equal(said(asked.at(-1)), `put film ${256 * KB}-${512 * KB}`);
});

test("what is not about the line keeps the parts as they are", async () => {
  const { uploads, asked, clock } = stage();
  uploads.add([file("film", 9 * MB)]);
  await quiet();
  await refuse(asked[0], "slow_down", "", 7);
  assert.deepEqual(clock.waiting, [7000]);
  await clock.tick();
  asked[1].resolve({ offset: 0, upload: null });
  await quiet();
  assert.equal(said(asked[2]), `put film 0-${4 * MB}`);
});
