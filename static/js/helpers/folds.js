import { copyTemplate, listen } from "./dom.js";

const TALL_REM = 36; // folded from here on, to --fold-height: less would hide too little to be worth a click

const opened = new WeakSet(); // lines that stay open, also when the server renders them anew

/**
 * Fold the tall ones among `lines`, which have just come into the log. All of a text stays in the page: find-in-page,
 * the Tab key and a selection that is drawn downwards scroll inside the fold, and that opens it.
 */
export function foldTall(log, lines) {
  if (lines.length === 0) return;
  const limit = TALL_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const heights = lines.map((line) => bodyOf(line).offsetHeight); // all read before one is changed: one layout
  lines.forEach((line, index) => (heights[index] > limit ? foldLine(log, line) : buttonOf(line)?.remove()));
}

function foldLine(log, line) {
  if (!buttonOf(line)) addButton(log, line);
  if (isLinked(line) || isSelected(line)) opened.add(line);
  listen(bodyOf(line), "scroll", () => isFolded(line) && open(log, line));
  show(line, !opened.has(line));
}

function addButton(log, line) {
  line.append(copyTemplate(log, "fold"));
  listen(buttonOf(line), "click", () => (isFolded(line) ? open(log, line) : close(log, line)));
}

/** The text stays where it is, also what was found further down in it. */
function open(log, line) {
  const body = bodyOf(line);
  const top = body.getBoundingClientRect().top - body.scrollTop;
  opened.add(line);
  show(line, false);
  log.scrollTop += body.getBoundingClientRect().top - top;
}

/** The button stays under the finger: what one has read goes, what comes next follows. */
function close(log, line) {
  const top = buttonOf(line).getBoundingClientRect().top;
  opened.delete(line);
  show(line, true);
  log.scrollTop += buttonOf(line).getBoundingClientRect().top - top;
}

function show(line, folded) {
  const button = buttonOf(line);
  line.classList.toggle("message--folded", folded);
  button.textContent = folded ? button.dataset.more : button.dataset.less;
}

function isFolded(line) {
  return line.classList.contains("message--folded");
}

/** Not by `:target`: a script that comes early sees the page before the browser has gone to its fragment. */
function isLinked(line) {
  return location.hash === `#${line.id}`;
}

function isSelected(line) {
  const selection = getSelection();
  return !selection.isCollapsed && selection.containsNode(line, true);
}

function bodyOf(line) {
  return line.querySelector(".message__body");
}

function buttonOf(line) {
  return line.querySelector(":scope > .message__fold");
}
