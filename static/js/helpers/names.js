// Somebody has another name: it stands at once with everything they ever said, and wherever they are listed. And with
// what they said stands whether their account has ended. (behaviour 43)

import { DOWN } from "../events.js";
import { on } from "../socket.js";
import { labelLine } from "./line.js";
import { markQuote } from "./quotes.js";
import { markReactions } from "./reaction_marks.js";

const told = new Map(); // id -> the newest word of them, since the page is there
const looked = new WeakMap(); // what was out of the page may have missed some: how many it has heard of
let turn = 0;

on(DOWN.PERSON_CHANGED, (person) => {
  told.set(person.id, person);
  turn += 1;
  renew(document, person);
});

/** The names in `root` as they are now. */
export function renewNames(root) {
  if ((looked.get(root) ?? 0) === turn) return;
  looked.set(root, turn);
  for (const person of told.values()) renew(root, person);
}

/** Say it with a line where its author is gone: the shared HTML has no words. */
export function markAuthor(line, words) {
  const mark = line.querySelector(".message__deactivated");
  if (mark) mark.textContent = words.deactivated;
}

function renew(root, { id, name, is_deactivated: isDeactivated }) {
  for (const line of root.querySelectorAll(`.message[data-author="${id}"]`)) renewAuthor(line, name, isDeactivated);
  for (const chip of root.querySelectorAll(`.reaction[data-people~="${id}"]`)) renameInReaction(chip, String(id), name);
  for (const author of root.querySelectorAll(`.quote__author[data-author="${id}"]`)) renameInQuote(author, name);
  for (const shown of root.querySelectorAll(`[data-name-of="${id}"]`)) shown.textContent = name;
  // A conversation with one person is called by them, and has their presence beside it.
  for (const dot of root.querySelectorAll(`[data-person-id="${id}"]`)) titleBeside(dot)?.replaceChildren(name);
}

function renewAuthor(line, name, isDeactivated) {
  const author = line.querySelector(".message__author");
  author.textContent = name;
  line.querySelector(".avatar").textContent = initials(name);
  line.querySelector(".message__deactivated")?.remove();
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
  if (!shown) return;
  shown.textContent = name;
  markReactions(chip.closest(".message"), chip.closest(".log").dataset);
}

function renameInQuote(author, name) {
  author.textContent = name;
  const log = author.closest(".log");
  if (log) markQuote(author.closest(".quote"), log.dataset);
}

function titleBeside(dot) {
  return dot.closest(".room-entry")?.querySelector("[data-slot=name]") ?? dot.closest(".room__header")?.querySelector(".room__title bdi");
}

/** As templates/_avatar.html has them. */
function initials(name) {
  return name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
}
