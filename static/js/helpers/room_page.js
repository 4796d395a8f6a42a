import { csrfToken } from "../page.js";
import { fill, pageFromServer, slot } from "./dom.js";
import { getPage } from "./http.js";
import { firstVisible } from "./place.js";
import { setTitle } from "./title.js";

const NEAR_END_PX = 80; // as the log itself has it: there it stays at its end
const SPARE_LINES = 4; // the window may be a little higher than it was
const LAST_ROOM_SECONDS = 400 * 24 * 3600; // as long as browsers keep any

/**
 * A room as the server's page shows it, ready to stand in this one. Null when it has to be a page of its own: it is of
 * another release or another state of the database than `here`, or not from our server. Rejects like getPage.
 */
export async function fetchRoom(page, roomId, here) {
  const room = pageFromServer(await getPage(page)).querySelector(".room");
  const { roomId: id, assets, epoch, me } = room?.dataset ?? {};
  const isOurs = id === String(roomId) && assets === here.assets && epoch === here.epoch && me === here.me;
  return isOurs ? document.importNode(room, true) : null;
}

/** A room begins to stand in the page, under its name and with forms that still hold. One that was kept stands where it
 * was left, by its `place`; one that comes fresh has none yet. */
export function welcome(room, place) {
  const log = room.querySelector(".log");
  if (place?.isAtEnd) arriveAtEnd(log, place.seen);
  else if (place) log.scrollTop = place.scrollTop;
  for (const control of room.querySelectorAll('[name="csrf_token"]')) control.value = csrfToken();
  setTitle(fill(room.dataset.pageTitle, { room: nameOf(room) }));
  remember(room.dataset.roomId);
}

/** It is about to leave. Returns its place, since a log that is in no page has none. */
export function goodbye(room) {
  for (const dialog of room.querySelectorAll("dialog[open]")) dialog.close();
  return placeIn(room);
}

/** How far the log is scrolled, and which line stands how far below its upper edge. Null where there is no log. */
export function placeIn(room) {
  const log = room.querySelector(".log");
  if (!log) return null;
  const { scrollTop } = log;
  const isAtEnd = Math.abs(scrollTop) < NEAR_END_PX && slot(log, "newer").hidden;
  return { scrollTop, isAtEnd, ...(isAtEnd ? { seen: countSeen(log) } : firstLine(log)) };
}

function firstLine(log) {
  const line = firstVisible(log, [...log.querySelectorAll('[data-slot="messages"] > .message')]);
  return line && { number: Number(line.dataset.number), below: line.getBoundingClientRect().top - log.getBoundingClientRect().top };
}

/** How many lines at its end are in sight. */
function countSeen(log) {
  const { top } = log.getBoundingClientRect();
  const lines = [...slot(log, "messages").children].reverse();
  const beyond = lines.findIndex((line) => line.getBoundingClientRect().bottom < top);
  return beyond < 0 ? lines.length : beyond;
}

/** What was in sight, and in the next frame all else: twice as fast as at once, and the log is reversed, so that what
 * comes on top moves nothing. The way to older lines is hidden with them: in sight, it would fetch some. */
function arriveAtEnd(log, seen) {
  const lines = [...slot(log, "messages").children];
  const later = [slot(log, "older"), slot(log, "start"), ...lines.slice(0, Math.max(0, lines.length - seen - SPARE_LINES))];
  for (const line of later) line.classList.add("log__later");
  requestAnimationFrame(() => requestAnimationFrame(() => later.forEach((line) => line.classList.remove("log__later"))));
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
