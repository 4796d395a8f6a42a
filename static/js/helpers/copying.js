import { listen } from "./dom.js";

/** What one copies of several messages reads "Name [time]: text", without buttons and pictures. (behaviour 28) */
export function copyAsTalk(log) {
  return listen(log, "copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed) return;
    const parts = partsOf(selection, [...log.querySelectorAll(".message")]);
    if (parts.length < 2) return; // within one message: as it is
    event.clipboardData.setData("text/plain", parts.map(({ line, text }) => spoken(line, text)).join("\n"));
    event.preventDefault();
  });
}

/** The messages of which something is selected, and what of their texts. */
function partsOf(selection, lines) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const range = selection.getRangeAt(0).cloneRange();
  const parts = lines
    .filter((line) => range.intersectsNode(line))
    .map((line) => ({ line, text: textWithin(selection, range, line.querySelector(".message__body")) }));
  selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  return parts.filter(({ text }) => text !== "");
}

/** Asked of the selection itself: no other way tells the line breaks that are seen. */
function textWithin(selection, range, body) {
  const part = document.createRange();
  part.selectNodeContents(body);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  selection.removeAllRanges();
  selection.addRange(part);
  return selection.toString().trim();
}

function spoken(line, text) {
  const name = line.querySelector(".message__author").textContent;
  const time = line.querySelector(".message__time")?.textContent; // none while it is on its way
  return `${time ? `${name} [${time}]` : name}: ${text}`;
}
