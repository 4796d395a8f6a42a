// Somebody has another name: it stands at once with everything they ever said, and wherever they are listed. And with
// what they said stands whether their account has ended. (behaviour 43)

import { labelLine } from "./line.js";
import { markQuote } from "./quotes.js";
import { markReactions } from "./reaction_marks.js";
import { callRoom } from "./room_name.js";

const told = new Map(); // id -> the newest word of them, since the page is there
const looked = new WeakMap(); // what was out of the page may have missed some: how many it has heard of
let turn = 0;

/** Somebody is `person {id, name, is_deactivated}` from now on, also in what comes into the page later. */
export function learn(person) {
  turn += 1;
  told.set(person.id, person);
  renew(document, person);
}

/** The names in `root` as they are now; `fresh` are the lines in it that have just come, perhaps under a former name. */
export function renewNames(root, fresh) {
  const isNews = (looked.get(root) ?? 0) !== turn;
  looked.set(root, turn);
  for (const person of told.values()) for (const each of isNews ? [root] : fresh) renew(each, person);
}

/** Say it with a line where its author is gone: the shared HTML has no words. */
export function markAuthor(line, words) {
  const mark = line.querySelector(".message__deactivated");
  if (mark) mark.textContent = words.deactivated;
}

/** What is as it should be is not even touched. */
function renew(root, { id, name, is_deactivated: isDeactivated }) {
  const each = (selector, change) => {
    if (root !== document && root.matches(selector)) change(root);
    root.querySelectorAll(selector).forEach(change);
  };
  each(`.message[data-author="${id}"]`, (line) => renewAuthor(line, name, isDeactivated));
  each(`.reaction[data-people~="${id}"]`, (chip) => renameInReaction(chip, String(id), name));
  each(`.quote__author[data-author="${id}"]`, (author) => renameInQuote(author, name));
  each(`[data-name-of="${id}"]`, (shown) => rename(shown, name));
  // A conversation with one person is called by them, and has their presence beside it.
  each(`[data-person-id="${id}"]`, (dot) => renameConversation(dot, name));
}

/** Returns whether it was another one. */
function rename(shown, name) {
  if (!shown || shown.textContent === name) return false;
  shown.textContent = name;
  return true;
}

function renewAuthor(line, name, isDeactivated) {
  const author = line.querySelector(".message__author");
  const mark = line.querySelector(".message__deactivated");
  const isRenamed = rename(author, name);
  if (!isRenamed && Boolean(mark) === isDeactivated) return;
  line.querySelector(".avatar").textContent = initials(name);
  mark?.remove();
  if (isDeactivated) author.after(newMark());
  markAuthor(line, line.closest(".log")?.dataset ?? {});
  if (line.hasAttribute("aria-labelledby")) labelLine(line);
}

function newMark() {
  const mark = document.createElement("span");
  mark.className = "message__deactivated";
  return mark;
}

function renameInReaction(chip, id, name) {
  const shown = chip.querySelectorAll("bdi")[chip.dataset.people.split(" ").indexOf(id)]; // the first of them are named
  if (rename(shown, name)) markReactions(chip.closest(".message"), chip.closest(".log").dataset);
}

function renameInQuote(author, name) {
  const log = author.closest(".log");
  if (rename(author, name) && log) markQuote(author.closest(".quote"), log.dataset);
}

function renameConversation(dot, name) {
  const room = dot.closest(".room__header")?.closest(".room");
  if (room) callRoom(room, name);
  else rename(dot.closest(".room-entry")?.querySelector("[data-slot=name]"), name);
}

/** As templates/_avatar.html has them. */
function initials(name) {
  return name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
}
