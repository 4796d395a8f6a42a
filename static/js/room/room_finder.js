import { fold, score } from "./fuzzy.js";

const SHOWN = 50; // nobody reads a longer list: one types another letter

/**
 * The rooms that somebody may mean, the likeliest first. While nothing is typed: what is unread, then where one was last,
 * then all others of one's own; the room one is in comes last, since nobody wants to go there.
 */
export function findRooms(rooms, { query, recent, currentId }) {
  const places = new Map(recent.map((id, place) => [id, place]));
  const placeOf = ({ id }) => places.get(id) ?? Infinity;
  const ranked = query.trim() === ""
    ? rooms.filter((room) => room.is_member && !room.is_archived).map((room) => ({ room, rank: rankOf(room, placeOf, currentId) }))
    : fitting(rooms, query, placeOf);
  return ranked.sort((one, other) => compare(one.rank, other.rank)).slice(0, SHOWN).map(({ room }) => room);
}

function rankOf(room, placeOf, currentId) {
  const isUnread = room.unread > 0;
  return [room.id === currentId, !isUnread, isUnread && room.kind !== "direct", placeOf(room)];
}

function fitting(rooms, query, placeOf) {
  return rooms.map((room) => ({ room, fit: score(query, fold(room.name)) }))
    .filter(({ fit }) => fit !== null)
    .map(({ room, fit }) => ({ room, rank: [room.is_archived, -fit, !room.is_member, placeOf(room)] }));
}

/** Two ranks, by the first of their parts that differs; what is equal stays in the order it came in. */
function compare(one, other) {
  const place = one.findIndex((part, index) => part !== other[index]);
  if (place < 0) return 0;
  return one[place] < other[place] ? -1 : 1;
}
