import { DOWN } from "../events.js";
import { me } from "../page.js";
import { connect, isConnected, on, onConnect } from "../socket.js";
import { listen } from "./dom.js";
import "./people_source.js";

const LOOK_MS = 30_000; // where no socket connects, a look finds what has changed
const CONNECTED_LOOKS = 10; // where one does, every so many-th: the server tells; this is for what nobody has thought of
const COUNTED = [
  DOWN.ROOM_ADVANCED, DOWN.ROOM_READ, DOWN.ROOM_CHANGED, DOWN.MEMBER_JOINED, DOWN.MEMBER_LEFT,
  DOWN.MESSAGE_POSTED, DOWN.MESSAGE_EDITED, DOWN.MESSAGE_DELETED, DOWN.MESSAGE_CHANGED,
];
const RENAMED = [DOWN.ROOM_CHANGED, DOWN.ROOM_REMOVED];

/** Keep these UnreadRooms true: by what the wire tells, and by a recount where it may have told nothing. Returns what
 * ends it, and them. */
export function followUnread(unread) {
  const recountSoon = () => unread.recountSoon();
  const look = () => { if (document.visibilityState === "visible") unread.recount(); };
  let turn = 0;
  const timer = setInterval(() => { turn += 1; if (!isConnected() || turn % CONNECTED_LOOKS === 0) look(); }, LOOK_MS);
  const ends = [
    onConnect(() => unread.recount()), // what happened until now was told to nobody here
    ...COUNTED.map((name) => on(name, (payload) => unread.receive(name, payload))),
    ...RENAMED.map((name) => on(name, recountSoon)),
    on(DOWN.MEMBER_JOINED, ({ person }) => person.id === me() && recountSoon()),
    listen(document, "visibilitychange", look),
    listen(document, "rooms:read", () => unread.recount()),
    listen(window, "pageshow", (event) => event.persisted && look()),
    () => clearInterval(timer),
    () => unread.end(),
  ];
  connect();
  return () => ends.forEach((end) => end());
}
