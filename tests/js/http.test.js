import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const token = { content: "old", dataset: { url: "/token" } };
const element = { 'meta[name="csrf-token"]': token };
Object.assign(globalThis, {
  document: { documentElement: { lang: "en" }, querySelector: (selector) => element[selector] ?? null, querySelectorAll: () => [] },
});
globalThis.navigator ??= { languages: ["en"] };
const { postForm } = await import("../../static/js/helpers/http.js");

const SLOWER = [429, { error: "slow_down", message: "That was too often.", retry_after: 0.01 }];
const STALE = [400, { error: "stale_form" }];
const DONE = [200, { version: 7 }];
let asked;

/** A network that gives these answers, one after the other. */
function answering(...answers) {
  globalThis.fetch = async (url, { headers }) => {
    asked.push([url, headers["X-CSRFToken"]]);
    const [status, body] = answers.shift();
    return new Response(JSON.stringify(body), { status });
  };
}

beforeEach(() => {
  asked = [];
  token.content = "old";
});

test("a form that is told to slow down is sent again when the server said", async () => {
  answering(SLOWER, SLOWER, DONE);
  assert.deepEqual(await postForm("/messages/1/delete", {}), { version: 7 });
  assert.equal(asked.length, 3);
});

test("one that is told so for longer than anybody waits is refused with the server's words", async () => {
  answering([429, { ...SLOWER[1], retry_after: 60 }]);
  await assert.rejects(postForm("/messages/1/delete", {}), { code: "slow_down", sentence: "That was too often." });
  assert.equal(asked.length, 1);
});

test("it is also told so after a fresh token", async () => {
  answering(STALE, [200, { csrf_token: "new" }], SLOWER, DONE);
  assert.deepEqual(await postForm("/rooms/1/read", {}), { version: 7 });
  assert.deepEqual(asked, [["/rooms/1/read", "old"], ["/token", undefined], ["/rooms/1/read", "new"], ["/rooms/1/read", "new"]]);
});

test("any other refusal is told at once", async () => {
  answering([404, { error: "message_not_found" }]);
  await assert.rejects(postForm("/messages/1/delete", {}), { code: "message_not_found" });
  assert.equal(asked.length, 1);
});
