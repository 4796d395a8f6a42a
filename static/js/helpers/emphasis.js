import { insertText } from "./insert_text.js";

const STARS = { b: 2, i: 1 }; // as Markdown has them

/** Ctrl+B and Ctrl+I put stars around what is selected in `box`, or take them away. Returns whether it was such a key. */
export function emphasize(event, box) {
  const isHeld = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const stars = isHeld && STARS[letterOf(event)];
  if (!stars || box.readOnly) return false;
  event.preventDefault();
  const { selectionStart: start, selectionEnd: end, value } = box;
  const around = Math.min(value.slice(0, start).match(/\**$/)[0].length, value.slice(end).match(/^\**/)[0].length);
  const isSo = stars === 1 ? around % 2 === 1 : around >= 2;
  if (isSo) replace(box, start - stars, end + stars, "", stars);
  else replace(box, start, end, "*".repeat(stars), stars);
  return true;
}

function replace(box, from, to, mark, stars) {
  const inner = mark ? box.value.slice(from, to) : box.value.slice(from + stars, to - stars);
  box.setSelectionRange(from, to);
  insertText(box, mark + inner + mark);
  box.setSelectionRange(from + mark.length, from + mark.length + inner.length);
}

/** The key by its Latin letter, also where the keyboard is set to another script. */
function letterOf({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
}
