// Somebody has another name: it stands at once with everything they ever said, and wherever they are listed. And with
// what they said stands whether their account has ended. (behaviour 43)

import { DOWN } from "../events.js";
import { on } from "../socket.js";
import { labelLine } from "./line.js";
import { markQuote } from "./quotes.js";
import { markReactions } from "./reaction_marks.js";

const told = new Map(); // id -> the newest word of them, since the page is there, and in which turn that was
const looked = new WeakMap(); // what was out of the page may have missed some: how many it has heard of
let turn = 0;

on(DOWN.PERSON_CHANGED, (person) => {
  remember(person);
  renew(document, person);
});

function remember(person) {
  turn += 1;
  told.set(person.id, { person, turn });
}

/** How much was told so far. */
export function toldUntilNow() {
  return turn;
}

/** The ids of those of whom something was told. */
export function toldOf() {
  return [...told.keys()];
}

/** What the server answered to a question that was asked when so much was told: what came since is newer. Nobody is
 * remembered of whom nothing is new, since all that comes into the page is gone through for everybody else. */
export function learn(person, asked) {
  if ((told.get(person.id)?.turn ?? 0) > asked) return;
  if (renew(document, person) || told.has(person.id)) remember(person);
}

/** The names in `root` as they are now. */
export function renewNames(root) {
  if ((looked.get(root) ?? 0) === turn) return;
  looked.set(root, turn);
  for (const { person } of told.values()) renew(root, person);
}

/** Say it with a line where its author is gone: the shared HTML has no words. */
export function markAuthor(line, words) {
  const mark = line.querySelector(".message__deactivated");
  if (mark) mark.textContent = words.deactivated;
}

/** Returns whether anything was otherwise: what is as it should be is not even touched. */
function renew(root, { id, name, is_deactivated: isDeactivated }) {
  const each = (selector, change) => [...root.querySelectorAll(selector)].filter(change).length;
  const changed = [
    each(`.message[data-author="${id}"]`, (line) => renewAuthor(line, name, isDeactivated)),
    each(`.reaction[data-people~="${id}"]`, (chip) => renameInReaction(chip, String(id), name)),
    each(`.quote__author[data-author="${id}"]`, (author) => renameInQuote(author, name)),
    each(`[data-name-of="${id}"]`, (shown) => rename(shown, name)),
    // A conversation with one person is called by them, and has their presence beside it.
    each(`[data-person-id="${id}"]`, (dot) => rename(titleBeside(dot), name)),
  ];
  return changed.some(Boolean);
}

function rename(shown, name) {
  if (!shown || shown.textContent === name) return false;
  shown.textContent = name;
  return true;
}

function renewAuthor(line, name, isDeactivated) {
  const author = line.querySelector(".message__author");
  const mark = line.querySelector(".message__deactivated");
  const isRenamed = rename(author, name);
  if (!isRenamed && Boolean(mark) === isDeactivated) return false;
  line.querySelector(".avatar").textContent = initials(name);
  mark?.remove();
  if (isDeactivated) author.after(newMark());
  markAuthor(line, line.closest(".log")?.dataset ?? {});
  if (line.hasAttribute("aria-labelledby")) labelLine(line);
  return true;
}

function newMark() {
  const mark = document.createElement("span");
  mark.className = "message__deactivated";
  return mark;
}

function renameInReaction(chip, id, name) {
  const shown = chip.querySelectorAll("bdi")[chip.dataset.people.split(" ").indexOf(id)]; // the first of them are named
  if (!rename(shown, name)) return false;
  markReactions(chip.closest(".message"), chip.closest(".log").dataset);
  return true;
}

function renameInQuote(author, name) {
  if (!rename(author, name)) return false;
  const log = author.closest(".log");
  if (log) markQuote(author.closest(".quote"), log.dataset);
  return true;
}

function titleBeside(dot) {
  return dot.closest(".room-entry")?.querySelector("[data-slot=name]") ?? dot.closest(".room__header")?.querySelector(".room__title bdi");
}

/** As templates/_avatar.html has them. */
function initials(name) {
  return name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
}
