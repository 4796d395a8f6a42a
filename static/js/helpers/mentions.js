const ELSEWHERE = "code, pre, blockquote, a"; // what is shown or quoted calls nobody
const LETTER = "[\\p{L}\\p{N}_]";
// Behind a name in these a title or a particle follows without a space: @지민님.
const JOINED = /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]$/u;

let calling = { name: null, pattern: null }; // of the reader

/** Mark where a line of somebody else's calls the reader by name, as in `@Bob`: the shared HTML has no reader. (behaviour 38) */
export function markMentions(line, { me, myName }) {
  const body = line.querySelector(".message__body");
  if (line.dataset.author === me || !body.textContent.includes("@")) return;
  for (const text of textsOf(body)) {
    if (markIn(text, patternOf(myName))) line.classList.add("message--calling");
  }
}

function textsOf(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts.filter((text) => text.data.includes("@") && !text.parentElement.closest(ELSEWHERE));
}

/** From the last to the first: what is cut off stands behind. Returns whether there was one. */
function markIn(text, pattern) {
  const found = [...text.data.matchAll(pattern)].reverse();
  for (const { index, 0: words } of found) {
    const called = text.splitText(index);
    called.splitText(words.length);
    const mark = document.createElement("mark");
    mark.className = "mention";
    called.replaceWith(mark);
    mark.append(called);
  }
  return found.length > 0;
}

/** No address is meant, and nobody whose name only begins like this one. */
function patternOf(name) {
  if (calling.name !== name) calling = { name, pattern: new RegExp(sourceOf(name), "giu") };
  return calling.pattern;
}

function sourceOf(name) {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return `(?<!${LETTER}|[@.])@${escaped}${JOINED.test(name) ? "" : `(?!${LETTER})`}`;
}
