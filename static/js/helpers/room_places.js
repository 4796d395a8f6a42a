import { KeptPlaces } from "../room/kept_places.js";
import { listen, tell } from "./dom.js";
import { keptStorage } from "./kept_storage.js";
import { placeIn } from "./room_page.js";

/** Where one was in each room, also in those that are not kept: in this page, and in the next of this tab. (behaviour 27) */
export class RoomPlaces {
  #returning = null; // the room in which one is not yet where one was: until then that is one's place

  constructor({ me, epoch }) {
    this.kept = new KeptPlaces(keptStorage("sessionStorage"), me, epoch);
  }

  /** `room()` is the one that one is in. */
  listen(room) {
    const remember = () => this.leave(room(), placeIn(room()));
    return [
      listen(window, "pagehide", remember),
      listen(document, "visibilitychange", remember), // a phone ends a page that is hidden, and tells nobody
      listen(document, "kept:cleared", () => { this.kept = new KeptPlaces(null); }), // this page goes, and writes no more
    ];
  }

  /** `{number, below}`, or null where one was at the end, or never. */
  in(roomId) {
    return this.kept.get(roomId);
  }

  leave(room, place) {
    if (room !== this.#returning) this.kept.put(room.dataset.roomId, place);
  }

  /** The page was loaded with this room. By a link one comes to what is new, or to the message that it names. */
  open(room) {
    const [navigation] = performance.getEntriesByType("navigation");
    const isNamed = location.search !== "" || location.hash !== "";
    const isAgain = ["reload", "back_forward"].includes(navigation?.type);
    if (isAgain || !(isNamed || room.querySelector(".unread-line"))) this.comeBack(room);
  }

  /** Stand where one was. */
  async comeBack(room) {
    const log = room.querySelector(".log");
    const place = this.in(room.dataset.roomId);
    if (!log || !place) return;
    this.#returning = room;
    const detail = { ...place, returned: null };
    tell(log, "log:return", detail);
    await detail.returned;
    if (this.#returning === room) this.#returning = null;
  }
}
