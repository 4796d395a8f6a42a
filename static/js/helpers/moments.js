import { locale } from "../page.js";
import { sameDay } from "../room/grouping.js";
import { fill } from "./dom.js";

// By the reader's locale, unless they chose otherwise. Not `hour12: false`: midnight would be 24:00 for some. (behaviour 33)
const HOUR_CYCLES = { 12: "h12", 24: "h23" };

const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(locale, { dateStyle: "full" });

let formats = null; // by the clock that was chosen when they were made

/** By which clock times are told now: that of the locale, or a chosen one. */
export function chosenClock() {
  return document.documentElement.dataset.clock ?? "locale";
}

/** Turn the server's UTC text into the reader's own clock time. */
export function showClock(time) {
  show(time, "clock");
}

/** When a message was changed: the clock alone where that was on the day on which it was `said`. */
export function showEdited(time, said, sentence) {
  show(time, sameDay(new Date(time.dateTime), said) ? "clock" : "short", sentence);
}

/** A moment as the reader's clock tells it. */
export function clockTime(date) {
  return formatsNow().clock.format(date);
}

/** The same with the date, for lists that have no days. */
export function showDateAndTime(time) {
  show(time, "short");
}

/** The reader's name of a day: today and yesterday by `words`, the year only when it is not this one. */
export function dayName(date, words, now) {
  const ages = { [now.toDateString()]: words.today, [dayBefore(now).toDateString()]: words.yesterday };
  const format = date.getFullYear() === now.getFullYear() ? day : dayAndYear;
  return ages[date.toDateString()] ?? format.format(date);
}

/** The day of a moment in the reader's zone, as `datetime` has it. */
export function dateOf(moment) {
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function show(time, look, sentence = "{time}") {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  const { [look]: format, full } = formatsNow();
  time.textContent = fill(sentence, { time: format.format(moment) });
  time.title = full.format(moment);
}

/** The choice may change while the page is open. */
function formatsNow() {
  const chosen = chosenClock();
  if (formats?.chosen !== chosen) formats = { chosen, ...formatsBy(HOUR_CYCLES[chosen]) };
  return formats;
}

function formatsBy(hourCycle) {
  const format = (look) => new Intl.DateTimeFormat(locale, { ...look, hourCycle });
  return {
    // The locale's own short time, as in the longer ones: put together of hour and minute it would be 0:26 for some, and 00:26 there.
    clock: format({ timeStyle: "short" }),
    full: format({ dateStyle: "full", timeStyle: "medium" }),
    short: format({ dateStyle: "medium", timeStyle: "short" }),
  };
}

function dayBefore(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1);
}
