import assert from "node:assert/strict";
import { test } from "node:test";
import { newClientId } from "../../static/js/room/client_id.js";

test("a client id is a UUID of version 4", () => {
  assert.match(newClientId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("no two client ids are equal", () => {
  const ids = new Set(Array.from({ length: 1000 }, newClientId));
  assert.equal(ids.size, 1000);
});
