import { pastedName } from "../room/uploads.js";
import { setText, slot } from "./dom.js";
import { insertText } from "./insert_text.js";

const TYPE = "text/plain";

let withdraw = () => {}; // the offer before: only the last text is meant

/**
 * Offer to attach a long text, which was pasted into the form's `box`, as a file in its place: for as long as it stands
 * there as it was. `take(file)` is called when somebody wants that.
 */
export function offerAsFile(form, box, pasted, take) {
  withdraw();
  const text = pasted.replace(/\r\n?/g, "\n"); // as a box has it
  if (!box.value.includes(text)) return;
  const [button, ended] = [slot(form, "as-file"), new AbortController()];
  withdraw = () => {
    button.hidden = true;
    ended.abort();
  };
  const onward = { signal: ended.signal };
  box.addEventListener("input", () => { if (!box.value.includes(text)) withdraw(); }, onward);
  form.addEventListener("composer:send", () => withdraw(), onward);
  button.addEventListener("click", () => {
    if (takeOut(box, text)) take(new File([text], pastedName(new Date(), TYPE), { type: TYPE }));
  }, onward);
  button.hidden = false;
  setText(slot(form, "tray-said"), button.dataset.said);
}

/** Whether it was still there. What `input` tells of it ends the offer. */
function takeOut(box, text) {
  const start = box.value.indexOf(text);
  if (start < 0) return false;
  box.setSelectionRange(start, start + text.length);
  insertText(box, "");
  return true;
}
