import assert from "node:assert/strict";
import { test } from "node:test";
import { closedWordForEmoji, EmojiNames, wordForEmoji } from "../../static/js/room/emoji_names.js";

const NAMES = new EmojiNames([
  ["💘", "heart with arrow", "arrow", "cupid"],
  ["😍", "smiling face with heart-eyes", "love"],
  ["❤️", "red heart", "love"],
  ["👍️", "thumbs up", "+1", "like"],
  ["🎉", "party popper", "hooray", "tada"],
]);
const KOREAN = new EmojiNames([["🎉", "축하 폭죽", "축하", "파티", "party popper"], ["🌸", "벚꽃", "꽃", "cherry blossom"]]);
const found = (names, query, more) => names.search(query, more).map(({ emoji }) => emoji);

test("an emoji is found by its name, by a word of it, and by other words for it", () => {
  assert.deepEqual(found(NAMES, "heart"), ["💘", "😍", "❤️"]);
  assert.deepEqual(found(NAMES, "thumbsup"), ["👍"]);
  assert.deepEqual(found(NAMES, "thumbs_up"), ["👍"]);
  assert.deepEqual(found(NAMES, "+1"), ["👍"]);
  assert.deepEqual(found(NAMES, "TADA"), ["🎉"]);
  assert.deepEqual(found(NAMES, "👍️"), ["👍"]);
  assert.deepEqual(found(NAMES, "nothing like it"), []);
  assert.deepEqual(found(NAMES, ""), []);
});

test("Korean names are found by their syllables, and English ones beside them", () => {
  assert.deepEqual(found(KOREAN, "축하"), ["🎉"]);
  assert.deepEqual(found(KOREAN, "파티"), ["🎉"]);
  assert.deepEqual(found(KOREAN, "party"), ["🎉"]);
  assert.deepEqual(found(KOREAN, "꽃".normalize("NFD")), ["🌸"]);
});

test("among equals the recent ones come first, and a limit keeps the likeliest", () => {
  assert.deepEqual(found(NAMES, "heart", { recent: ["❤️"] }), ["❤️", "💘", "😍"]);
  assert.deepEqual(found(NAMES, "love", { recent: ["❤️", "😍"], limit: 1 }), ["❤️"]);
});

test("a whole name means one emoji, another word for it where it is the only one", () => {
  const called = (names, query) => names.called(query)?.emoji ?? null;
  assert.equal(called(NAMES, "party_popper"), "🎉");
  assert.equal(called(NAMES, "thumbsup"), "👍");
  assert.equal(called(NAMES, "+1"), "👍");
  assert.equal(called(KOREAN, "축하"), "🎉");
  for (const none of ["party", "love", "heart", "30", ""]) assert.equal(called(NAMES, none), null, none);
});

test("a word for an emoji may end with a colon", () => {
  assert.deepEqual(closedWordForEmoji("well :party_popper:"), { start: 5, query: "party_popper" });
  assert.deepEqual(closedWordForEmoji(":꽃:"), { start: 0, query: "꽃" });
  for (const none of [":heart", "10:30:", "::", ":heart: ", ""]) assert.equal(closedWordForEmoji(none), null, none);
});

test("one is written in one way, with its name", () => {
  assert.equal(NAMES.nameOf("👍"), "thumbs up");
  assert.equal(NAMES.nameOf("👍️"), "thumbs up");
  assert.equal(NAMES.nameOf("🦔"), "");
});

test("a word for an emoji begins with a colon at the start of a word, and has two letters or a syllable", () => {
  assert.deepEqual(wordForEmoji(":he"), { start: 0, query: "he" });
  assert.deepEqual(wordForEmoji("well :thumbs_u"), { start: 5, query: "thumbs_u" });
  assert.deepEqual(wordForEmoji("one\n:+1"), { start: 4, query: "+1" });
  assert.deepEqual(wordForEmoji("봄 :꽃"), { start: 2, query: "꽃" });
  for (const none of [":h", ":ㄲ", "10:30", "https://example.org", "a:he", ": he", ":he llo", ":)", ":heart:", ""]) {
    assert.equal(wordForEmoji(none), null, none);
  }
});
