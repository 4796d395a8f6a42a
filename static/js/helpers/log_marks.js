import { continues, sameDay } from "../room/grouping.js";
import { addCopyButtons } from "./code_blocks.js";
import { copyTemplate, setText } from "./dom.js";
import { foldTall } from "./folds.js";
import { closeInside } from "./line.js";
import { markMentions } from "./mentions.js";
import { chosenClock, dateOf, dayName, showClock, showEdited } from "./moments.js";
import { markAuthor, renewNames } from "./names.js";
import { markQuote } from "./quotes.js";
import { markReactions } from "./reaction_marks.js";
import { serverNow } from "./server_time.js";

const UNREAD = "unread-line"; // helpers/unread_line.js

const times = new WeakMap(); // line -> when it was said

/**
 * Give the lines of a log what the shared HTML cannot know: local times, days, groups, and the reader's words.
 * Lines that are still on their way join the group they will stand in, so that nothing moves when they arrive.
 */
export function markLog(log, messages, pending) {
  const fresh = [...messages.querySelectorAll(".message:not([data-words])")];
  const above = new Above();
  let previous = null;
  for (const line of [...messages.children]) {
    if (above.takes(line)) continue;
    previous = markLine(log, line, previous, above);
  }
  above.clear();
  markPending(log, messages, pending);
  renewNames(messages, fresh);
  foldTall(log, fresh);
}

/** The same for the lines that are on their way alone: with them nothing else changes. */
export function markPending(log, messages, pending) {
  const last = messages.lastElementChild;
  let previous = last?.matches(".message") ? readMark(last) : null;
  for (const line of pending.children) previous = markPendingLine(log, line, previous);
}

/** What stands between two messages. It is left where it stands: moving it lays out the whole log. */
class Above {
  #day = null;
  #unread = null;

  takes(line) {
    if (line.matches(".message")) return false;
    if (line.matches(".day")) this.#day = this.#replace(this.#day, line);
    else this.#unread = line;
    return true;
  }

  /** The day of a message, where one begins with it; and none where not. */
  settle(log, line, time) {
    const first = this.#unread ?? line;
    if (time && this.#day?.nextElementSibling === first) nameDay(log, this.#day, time);
    else {
      this.clear();
      if (time) first.before(nameDay(log, copyTemplate(log, "day").firstElementChild, time));
    }
    this.#day = this.#unread = null;
  }

  clear() {
    this.#replace(this.#day, null);
  }

  #replace(day, by) {
    day?.remove();
    return by;
  }
}

function markPendingLine(log, line, previous) {
  const mark = { author: log.dataset.me, time: serverNow() };
  line.classList.toggle("message--continued", continues(previous, mark) && !isReply(line));
  return mark;
}

function markLine(log, line, previous, above) {
  const mark = readMark(line);
  above.settle(log, line, previous && sameDay(previous.time, mark.time) ? null : mark.time);
  line.classList.toggle("message--continued", continues(previous, mark) && !isReply(line));
  if (!line.dataset.words) addWords(log, line);
  if (line.dataset.clock !== chosenClock()) tellTimes(log, line);
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
  return { author: line.dataset.author, time: timeOf(line), isFirstUnread };
}

/** Each is read once: a log is marked anew with every message that comes. */
function timeOf(line) {
  const { dateTime } = line.querySelector(".message__time");
  if (times.get(line)?.dateTime !== dateTime) times.set(line, { dateTime, time: new Date(dateTime) });
  return times.get(line).time;
}

/** Once per line: the words in the reader's language. */
function addWords(log, line) {
  line.dataset.words = "added";
  markAuthor(line, log.dataset);
  markReactions(line, log.dataset);
  if (isReply(line)) markQuote(quoteIn(line), log.dataset);
  if (line.classList.contains("message--deleted")) line.querySelector(".message__body").textContent = log.dataset.deleted;
  for (const told of line.querySelectorAll("[data-told]")) told.textContent = log.dataset[told.dataset.told];
  markMentions(line, log.dataset);
  addCopyButtons(log, line);
  if (!line.contains(document.activeElement)) closeInside(line);
}

/** The reader's clock: once per line as well, and again when they chose another. */
function tellTimes(log, line) {
  line.dataset.clock = chosenClock();
  showClock(line.querySelector(".message__time"));
  const edited = line.querySelector(".message__edited");
  if (edited) showEdited(edited, timeOf(line), log.dataset.edited);
}

function nameDay(log, line, date) {
  const time = line.querySelector("time");
  setText(time, dayName(date, log.dataset, serverNow()));
  time.dateTime = dateOf(date);
  return line;
}
