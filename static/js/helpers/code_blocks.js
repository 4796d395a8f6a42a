import { copyText } from "./clipboard.js";
import { copyTemplate, listen, slot } from "./dom.js";

/**
 * Give every block of code in `line` a button that copies it. It stands beside the block, so that it does not scroll
 * away with a long line, and carries its name as a label: what is read out or copied of a message has no words of ours.
 */
export function addCopyButtons(log, line) {
  for (const code of line.querySelectorAll(".message__body pre")) {
    const block = copyTemplate(log, "code-block").firstElementChild;
    code.replaceWith(block);
    block.prepend(code);
    listen(slot(block, "copy"), "click", () => copy(block, code));
    listen(block, "focusout", () => say(block, ""));
    listen(block, "pointerleave", () => say(block, ""));
  }
}

async function copy(block, code) {
  say(block, "");
  try {
    await copyText(code.textContent);
    say(block, block.dataset.copied);
  } catch {
    say(block, block.dataset.failed);
  }
}

function say(block, words) {
  slot(block, "said").textContent = words;
}
