const ROOM = /^\/rooms\/(\d{1,15})$/;
const MESSAGE = /^\/rooms\/(\d{1,15})\/messages\/(\d{1,15})$/;
const AROUND = /^(?:\?around=(\d{1,15}))?$/;
const FRAGMENT = /^#message-(\d{1,15})$/;

/**
 * What an address of this site shows of a room: its newest messages, or those around a message by its `number`. Null
 * when it is none of a room's, or one that asks for something else. `path` is where the browser is then, `page` what is
 * asked of the server.
 */
export function roomAddress({ pathname, search, hash }) {
  const [, linkedRoom, linked] = MESSAGE.exec(pathname) ?? [];
  if (linkedRoom) return addressOf(Number(linkedRoom), Number(linked));
  const [, room] = ROOM.exec(pathname) ?? [];
  const around = AROUND.exec(search);
  if (!room || !around) return null;
  return addressOf(Number(room), Number(around[1] ?? FRAGMENT.exec(hash)?.[1] ?? 0) || null);
}

function addressOf(roomId, number) {
  const page = number ? `/rooms/${roomId}?around=${number}` : `/rooms/${roomId}`;
  return { roomId, number, page, path: number ? `${page}#message-${number}` : page };
}
