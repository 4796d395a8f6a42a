/** Make a box as high as its text, where the browser does not do it by itself (`field-sizing`). */
export function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.blockSize = "auto";
  box.style.blockSize = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`; // with its edges
}
