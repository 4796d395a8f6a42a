import assert from "node:assert/strict";
import { test } from "node:test";
import { countCharacters, textToSend } from "../../static/js/room/limit.js";

test("characters are counted as code points, like the server does", () => { // behaviour 4
  assert.equal(countCharacters("한글"), 2);
  assert.equal(countCharacters("😀"), 1);
  assert.equal(countCharacters(""), 0);
});

test("blank text is not sent; leading spaces and inner lines are kept; the end is trimmed", () => { // behaviour 4
  assert.equal(textToSend(" \n\t "), "");
  assert.equal(textToSend("  a\n\n  b \n"), "  a\n\n  b");
});
