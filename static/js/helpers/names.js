// Somebody has another name: it stands at once with everything they ever said, and wherever they are listed.

import { DOWN } from "../events.js";
import { on } from "../socket.js";
import { markReactions } from "./reaction_marks.js";

const told = new Map(); // id -> the newest name, since the page is there
const looked = new WeakMap(); // what was out of the page may have missed some: how many it has heard of
let turn = 0;

on(DOWN.PERSON_CHANGED, ({ id, name }) => {
  told.set(id, name);
  turn += 1;
  rename(document, id, name);
});

/** The names in `root` as they are now. */
export function renewNames(root) {
  if ((looked.get(root) ?? 0) === turn) return;
  looked.set(root, turn);
  for (const [id, name] of told) rename(root, id, name);
}

function rename(root, id, name) {
  for (const line of root.querySelectorAll(`.message[data-author="${id}"]`)) renameAuthor(line, name);
  for (const chip of root.querySelectorAll(`.reaction[data-people~="${id}"]`)) renameInReaction(chip, String(id), name);
  for (const shown of root.querySelectorAll(`[data-name-of="${id}"]`)) shown.textContent = name;
  // A conversation with one person is called by them, and has their presence beside it.
  for (const dot of root.querySelectorAll(`[data-person-id="${id}"]`)) titleBeside(dot)?.replaceChildren(name);
}

function renameAuthor(line, name) {
  line.querySelector(".message__author").textContent = name;
  line.querySelector(".avatar").textContent = initials(name);
}

function renameInReaction(chip, id, name) {
  const shown = chip.querySelectorAll("bdi")[chip.dataset.people.split(" ").indexOf(id)]; // the first of them are named
  if (!shown) return;
  shown.textContent = name;
  markReactions(chip.closest(".message"), chip.closest(".log").dataset);
}

function titleBeside(dot) {
  return dot.closest(".room-entry")?.querySelector("[data-slot=name]") ?? dot.closest(".room__header")?.querySelector(".room__title bdi");
}

/** As templates/_avatar.html has them. */
function initials(name) {
  return name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
}
