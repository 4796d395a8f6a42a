import { csrfToken } from "../page.js";
import { fill, pageFromServer } from "./dom.js";
import { getPage } from "./http.js";
import { setTitle } from "./title.js";

const LAST_ROOM_SECONDS = 400 * 24 * 3600; // as long as browsers keep any

/**
 * A room as the server's page shows it, ready to stand in this one. Null when it has to be a page of its own: it is of
 * another release or another state of the database than `here`, or not from our server. Rejects like getPage.
 */
export async function fetchRoom({ page, roomId }, here) {
  const room = pageFromServer(await getPage(page)).querySelector(".room");
  const { roomId: id, assets, epoch, me } = room?.dataset ?? {};
  const isOurs = id === String(roomId) && assets === here.assets && epoch === here.epoch && me === here.me;
  return isOurs ? document.importNode(room, true) : null;
}

/** A room begins to stand in the page: at its `place`, under its name, with forms that still hold. */
export function welcome(room, place) {
  const log = room.querySelector(".log");
  if (log) log.scrollTop = place;
  for (const control of room.querySelectorAll('[name="csrf_token"]')) control.value = csrfToken();
  setTitle(fill(room.dataset.pageTitle, { room: nameOf(room) }));
  remember(room.dataset.roomId);
}

/** It is about to leave. Returns its place: a log that is in no page has none. */
export function goodbye(room) {
  for (const dialog of room.querySelectorAll("dialog[open]")) dialog.close();
  return room.querySelector(".log")?.scrollTop ?? 0;
}

/** What the room is called. */
export function nameOf(room) {
  return room.querySelector(".room__title").textContent;
}

/** Where one comes back to (behaviour 66): the server sets the same when it makes the page. */
function remember(roomId) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `last_room=${roomId}; path=/; max-age=${LAST_ROOM_SECONDS}; samesite=lax${secure}`;
}
