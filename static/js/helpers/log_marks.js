import { continues, sameDay } from "../room/grouping.js";
import { addCopyButtons } from "./code_blocks.js";
import { copyTemplate } from "./dom.js";
import { foldTall } from "./folds.js";
import { closeInside } from "./line.js";
import { dayName, showClock } from "./moments.js";
import { markQuote } from "./quotes.js";
import { markReactions } from "./reaction_marks.js";

const UNREAD = "unread-line"; // helpers/unread_line.js

/**
 * Give the lines of a log what the shared HTML cannot know: local times, days, groups, and the reader's words.
 * Lines that are still on their way join the group they will stand in, so that nothing moves when they arrive.
 */
export function markLog(log, messages, pending) {
  for (const day of messages.querySelectorAll(".day")) day.remove();
  const fresh = [...messages.querySelectorAll(".message:not([data-words])")];
  let previous = null;
  for (const line of messages.querySelectorAll(".message")) previous = markLine(log, line, previous);
  for (const line of pending.children) previous = markPending(log, line, previous);
  foldTall(log, fresh);
}

function markPending(log, line, previous) {
  const mark = { author: log.dataset.me, time: new Date() };
  line.classList.toggle("message--continued", continues(previous, mark) && !isReply(line));
  return mark;
}

function markLine(log, line, previous) {
  const mark = readMark(line);
  const first = mark.isFirstUnread ? line.previousElementSibling : line;
  if (!previous || !sameDay(previous.time, mark.time)) first.before(dayLine(log, mark.time));
  line.classList.toggle("message--continued", continues(previous, mark) && !isReply(line));
  if (!line.dataset.words) addWords(log, line);
  return mark;
}

/** One speaks to somebody: who does is said again. */
function isReply(line) {
  return quoteIn(line) !== null;
}

function quoteIn(line) {
  return line.querySelector(":scope > .quote:not([hidden])");
}

function readMark(line) {
  const isFirstUnread = line.previousElementSibling?.classList.contains(UNREAD) ?? false;
  return { author: line.dataset.author, time: new Date(line.querySelector(".message__time").dateTime), isFirstUnread };
}

/** Once per line: the words in the reader's language and the reader's clock. */
function addWords(log, line) {
  line.dataset.words = "added";
  showClock(line.querySelector(".message__time"));
  const edited = line.querySelector(".message__edited");
  if (edited) edited.textContent = log.dataset.edited;
  markReactions(line, log.dataset);
  if (isReply(line)) markQuote(quoteIn(line), log.dataset);
  if (line.classList.contains("message--deleted")) line.querySelector(".message__body").textContent = log.dataset.deleted;
  addCopyButtons(log, line);
  if (!line.contains(document.activeElement)) closeInside(line);
}

function dayLine(log, date) {
  const line = copyTemplate(log, "day").firstElementChild;
  const time = line.querySelector("time");
  time.dateTime = date.toISOString().slice(0, 10);
  time.textContent = dayName(date, log.dataset);
  return line;
}
