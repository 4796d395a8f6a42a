const EXACT = 0; // the emoji itself, or its whole name
const NAME = 1; // what the name begins with, or a whole word of it
const WORD = 2; // what a word of the name begins with
const OTHER = 3; // the same of the other words for it
const WITHIN = 4;
const NEVER = 5;

/** All emoji by what they are called: `rows` of the emoji, its name, and other words for it. */
export class EmojiNames {
  constructor(rows) {
    this.all = rows.map(([emoji, name, ...others]) => ({ emoji: plain(emoji), name, ...prepared(name, others) }));
  }

  /** The name of one, or an empty string. */
  nameOf(emoji) {
    return this.all.find((each) => each.emoji === plain(emoji))?.name ?? "";
  }

  /** The one that is called so and nothing else, or null. */
  called(query) {
    const wanted = folded(query);
    const named = this.all.find(({ whole, joined }) => whole === wanted || joined === wanted);
    const [one, another] = this.all.filter(({ others }) => others.includes(wanted));
    return named ?? (another ? null : one ?? null);
  }

  /** Those that `query` may mean, the likeliest first; among equals those of `recent`. No query finds nothing. */
  search(query, { recent = [], limit = Infinity } = {}) {
    const wanted = folded(query);
    if (wanted === "") return [];
    const liked = new Map(recent.map((emoji, index) => [plain(emoji), index - recent.length])); // below all others
    const found = this.all.map((each, index) => ({ each, rank: rankOf(each, wanted), place: liked.get(each.emoji) ?? index }));
    const sorted = found.filter(({ rank }) => rank < NEVER).sort((one, other) => one.rank - other.rank || one.place - other.place);
    return sorted.slice(0, limit).map(({ each }) => each);
  }
}

/** The word for an emoji that is being typed before the caret: `{start, query}`, or null. It begins with a colon. */
export function wordForEmoji(before) {
  const [whole, query] = before.match(/(?:^|\s):([\p{L}\p{N}_+-]+)$/u)?.slice(0, 2) ?? [];
  if (query === undefined || !isLongEnough(query)) return null;
  return { start: before.length - whole.trimStart().length, query };
}

/** The same of one that has just ended with a colon: `{start, query}`, or null. */
export function closedWordForEmoji(before) {
  return before.endsWith(":") ? wordForEmoji(before.slice(0, -1)) : null;
}

/** The emoji without the sign that makes it one, where it is one by itself: each is written in one way. */
export function plain(emoji) {
  return emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");
}

/** Two letters; a syllable of Hangul says as much. */
function isLongEnough(query) {
  return [...query].length >= 2 || /[가-힣]/u.test(query);
}

function prepared(name, others) {
  const whole = folded(name);
  return { whole, joined: whole.replaceAll(" ", ""), words: whole.split(" "), others: others.map(folded) };
}

function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[_-]+/gu, " ").replace(/[:,.“”’]/gu, "").trim();
}

function rankOf({ emoji, whole, joined, words, others }, wanted) {
  if (whole === wanted || emoji === plain(wanted)) return EXACT;
  if (whole.startsWith(wanted) || joined.startsWith(wanted) || words.includes(wanted)) return NAME;
  if (words.some((word) => word.startsWith(wanted))) return WORD;
  if (others.some((word) => word.startsWith(wanted))) return OTHER;
  return whole.includes(wanted) || others.some((word) => word.includes(wanted)) ? WITHIN : NEVER;
}
