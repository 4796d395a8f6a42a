import { DOWN } from "../events.js";
import { PeopleHere } from "../room/people_here.js";
import { on } from "../socket.js";

const people = new PeopleHere(); // one for the page, whatever part of it comes and goes
const listeners = new Set();

on(DOWN.PRESENCE_CHANGED, (payload) => {
  people.told(payload);
  for (const look of listeners) look();
});

/** True or false; null while it is not known. */
export function isHere(id) {
  return people.isHere(id);
}

/** Call `look` after each change. Returns what ends it. */
export function onPresence(look) {
  listeners.add(look);
  return () => listeners.delete(look);
}
