// Names that changed, and accounts that ended, while this page had no connection: they have no version by which they would
// be missed. So it asks for everybody who stands in it, once it is back. (behaviour 43)

import { onConnect, onDisconnect } from "../socket.js";
import { listen } from "./dom.js";
import { getJson } from "./http.js";
import { learn, toldOf, toldUntilNow } from "./names.js";
import { onReturn } from "./returns.js";

const ASKED_MAX = 200; // people in one question: the server's most
const NAMED = "[data-author], [data-people], [data-name-of], [data-person-id]";

const lookedAfter = new WeakMap(); // a room, also while it is out of the page -> the absence after which it was asked for
let absences = 0;
let isAway = false;

onDisconnect(() => { isAway = true; });
onConnect(() => { if (isAway) cameBack(); });
onReturn(({ isDoubtful }) => { if (isDoubtful) cameBack(); });
listen(document, "room:entered", entered);

function cameBack() {
  isAway = false;
  absences += 1;
  look();
}

/** One that comes from the server has the names of now; one that was kept out of the page may not. */
function entered() {
  const room = shownRoom();
  if (!lookedAfter.has(room)) lookedAfter.set(room, absences);
  else if (lookedAfter.get(room) < absences) look();
}

async function look() {
  const [room, absence, asked] = [shownRoom(), absences, toldUntilNow()];
  try {
    for (const person of await fetchPeople([...idsInPage()])) learn(person, asked);
    lookedAfter.set(room, absence);
  } catch {
    // Offline again, or signed out: the next connection asks.
  }
}

async function fetchPeople(ids) {
  const people = [];
  for (let from = 0; from < ids.length; from += ASKED_MAX) {
    const query = new URLSearchParams(ids.slice(from, from + ASKED_MAX).map((id) => ["id", id]));
    people.push(...(await getJson(`/people?${query}`)).people);
  }
  return people;
}

/** Those of whom something was told, too: it may be old by now. */
function idsInPage() {
  const ids = new Set(toldOf());
  for (const { dataset } of document.querySelectorAll(NAMED)) {
    const { author = "", people = "", nameOf = "", personId = "" } = dataset;
    for (const id of `${author} ${people} ${nameOf} ${personId}`.split(" ")) if (Number(id)) ids.add(Number(id));
  }
  return ids;
}

function shownRoom() {
  return document.querySelector(".room") ?? document.body;
}
