import { fold, score } from "./fuzzy.js";

const SHOWN = 50; // nobody reads a longer list: one types another letter

/**
 * The rooms that somebody may mean, the likeliest first. While nothing is typed: what is unread, then where one was last,
 * then all others of one's own; the room one is in comes last, since nobody wants to go there. Then, of names that fit in the
 * same way: where one is not, where one was last, and the shorter one.
 */
export function findRooms(rooms, { query, recent, currentId }) {
  const places = new Map(recent.map((id, place) => [id, place]));
  const placeOf = ({ id }) => places.get(id) ?? Infinity;
  const ranked = query.trim() === ""
    ? rooms.filter((room) => room.is_member && !room.is_archived).map((room) => ({ room, rank: rankOf(room, placeOf, currentId) }))
    : fitting(rooms, query, placeOf, currentId);
  return ranked.sort((one, other) => compare(one.rank, other.rank)).slice(0, SHOWN).map(({ room }) => room);
}

function rankOf(room, placeOf, currentId) {
  const isUnread = room.unread > 0;
  return [room.id === currentId, !isUnread, isUnread && room.kind !== "direct", placeOf(room)];
}

function fitting(rooms, query, placeOf, currentId) {
  return rooms.map((room) => ({ room, name: fold(room.name) }))
    .map(({ room, name }) => ({ room, fit: score(query, name), length: name.letters.length }))
    .filter(({ fit }) => fit !== null)
    .map(({ room, fit, length }) => (
      { room, rank: [room.is_archived, -fit, room.id === currentId, !room.is_member, placeOf(room), length] }
    ));
}

/** Two ranks, by the first of their parts that differs; what is equal stays in the order it came in. */
function compare(one, other) {
  const place = one.findIndex((part, index) => part !== other[index]);
  if (place < 0) return 0;
  return one[place] < other[place] ? -1 : 1;
}
