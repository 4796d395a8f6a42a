/** Put `text` in the place of what is selected in `box`, as if it were typed: undo takes it back, and `input` is told. */
export function insertText(box, text) {
  box.focus();
  // Out of fashion, and the only way that undo knows of.
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
