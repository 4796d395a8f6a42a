import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, score } from "../../static/js/room/fuzzy.js";

const fit = (query, name) => score(query, fold(name));
const fits = (query, name) => fit(query, name) !== null;

test("the nearer the name is to what was typed, the higher it scores", () => {
  const names = ["Lobby", "Lobby for guests", "The lobby", "Large open bar, bright yellow", "Hlobbyx", "Loud obligatory baby"];
  const scores = names.map((name) => fit("lobby", name));
  assert.ok(scores.every((each) => each !== null), String(scores));
  assert.deepEqual([...scores].sort((one, other) => other - one), scores);
  assert.equal(fit("eng", "Engineering"), fit("eng", "Engineering and design")); // in the same way
});

test("case, accents, width and compatibility forms make no difference", () => {
  for (const [query, name] of [["uber", "Über uns"], ["ÜBER", "über uns"], ["abc", "ＡＢＣ"], ["fi", "ﬁnance"], ["STRASSE", "strasse"]]) {
    assert.ok(fits(query, name), `${query} ${name}`);
  }
});

test("beginnings of words are enough, and words come in any order", () => {
  assert.ok(fits("lw", "Launch week"));
  assert.ok(fits("week lau", "Launch week"));
  assert.ok(fits("launchweek", "Launch-week"));
  assert.ok(!fits("week zzz", "Launch week"));
});

test("letters that are nowhere, or in another order, do not fit", () => {
  assert.ok(!fits("xq", "Lobby"));
  assert.ok(!fits("ybbol", "Lobby"));
  assert.ok(!fits("bb", "Cab"));
});

test("scattered letters count from the beginning of a word only", () => {
  assert.ok(fits("egrn", "Engineering"));
  assert.ok(!fits("ngrg", "Engineering"));
});

test("Hangul is found by syllables, by initial consonants, and while a syllable grows", () => {
  for (const query of ["한국어", "국어", "ㅎㄱㅇ", "ㅎ", "하", "한ㄱ", "한구", "질", "ㅈㅁ", "ㅎㄱㅇ ㅈㅁ"]) assert.ok(fits(query, "한국어 질문"), query);
  assert.ok(fits("한", "하나"), "on its way to the next syllable");
  assert.ok(fits("고", "과일"), "a vowel that is not complete");
  assert.ok(fits("닭", "달가"), "a final of two letters");
  assert.ok(!fits("ㄱㅎ", "한국"));
  assert.ok(!fits("수", "한국어"));
  assert.ok(fit("한국", "한국어") > fit("ㅎㄱ", "한국어"));
});

test("decomposed Hangul, as some systems type it, is the same", () => {
  assert.equal(fit("한국".normalize("NFD"), "한국어"), fit("한국", "한국어".normalize("NFD")));
});

test("Kana and Han are found by any of their characters", () => {
  assert.ok(fits("会議", "営業会議"));
  assert.ok(fits("かいぎ", "えいぎょうかいぎ"));
});

test("nothing typed fits nothing, whatever kind of nothing", () => {
  for (const query of ["", " ", "#", " - "]) assert.equal(fit(query, "Lobby"), null);
});

test("a long name and a long query take no time", () => {
  const began = process.cpuUsage().user;
  for (let turn = 0; turn < 1000; turn += 1) fit("a b c d launch week", `Room ${"a".repeat(70)}`);
  assert.ok(process.cpuUsage().user - began < 1_000_000);
});
