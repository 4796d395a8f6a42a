import { findRooms } from "../room/room_finder.js";
import { copyTemplate, fillCount, setText, slot } from "./dom.js";
import { getJson } from "./http.js";
import { isOfInputMethod } from "./keys.js";

const MAX_SHOWN = 999; // above it stands "999+"

/** The rooms that the words in the switcher's box may mean: one is chosen by arrows and Enter. It asks `isHere(person)`
 * of whom a conversation is with, and begins with the rooms that are `recent`. */
export class RoomChooser {
  #rooms = null; // as the server listed them last
  #active = 0;

  constructor(dialog, { recent, isHere }) {
    Object.assign(this, { dialog, recent, isHere });
    this.box = dialog.querySelector("input");
    this.list = slot(dialog, "rooms");
  }

  /** List those of before at once, and then as the server has them now. */
  open() {
    this.find();
    this.#load();
  }

  /** The list follows the box; the box is never written to: a syllable may be growing in it. (behaviour 3) */
  find() {
    const found = this.#found();
    this.list.replaceChildren(...found.map((room) => this.#row(room)));
    this.list.scrollTop = 0;
    this.#activate(0);
    if (this.#rooms) this.#say(found.length > 0 ? fillCount(this.dialog.dataset, "found", found.length) : this.dialog.dataset.none);
  }

  presenceChanged() {
    for (const row of this.#rows) this.#showPresence(row);
  }

  key(event) {
    if (isOfInputMethod(event)) return; // behaviour 2
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) this.#activate(this.#active + step);
    else if (event.key === "Enter") this.#choose(event);
    else return;
    event.preventDefault();
  }

  #choose(event) {
    if (!event.repeat) this.list.children[this.#active]?.click();
  }

  async #load() {
    try {
      this.#rooms = (await getJson(this.dialog.dataset.roomsUrl)).rooms;
      const chosen = this.list.children[this.#active]?.id;
      this.find();
      this.#activate(Math.max(this.#rows.findIndex(({ id }) => id === chosen), 0));
    } catch {
      if (!this.#rooms) this.#say(this.dialog.dataset.failed); // else those of before will do
    }
  }

  get #rows() {
    return [...this.list.children];
  }

  #found() {
    return findRooms(this.#rooms ?? [], { query: this.box.value, recent: this.recent.ids, currentId: this.#currentId() });
  }

  #currentId() {
    return Number(document.querySelector(".room[data-room-id]")?.dataset.roomId) || null;
  }

  #activate(index) {
    const rows = this.#rows;
    this.#active = (index + rows.length) % rows.length || 0; // from the last to the first; none has no number
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.#active)));
    rows[this.#active]?.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-expanded", String(rows.length > 0));
    this.box.setAttribute("aria-activedescendant", rows[this.#active]?.id ?? ""); // empty: none
  }

  #row(room) {
    const row = copyTemplate(this.dialog, room.kind).firstElementChild;
    row.id = `switcher-room-${room.id}`;
    row.href = `${this.dialog.dataset.roomsUrl}/${room.id}`;
    slot(row, "name").textContent = room.name;
    slot(row, "archived").hidden = !room.is_archived;
    slot(row, "joinable").hidden = room.is_member || room.is_archived;
    this.#showUnread(row, room.unread);
    row.dataset.person = room.companions.length === 1 ? room.companions[0] : "";
    this.#showPresence(row);
    return row;
  }

  #showUnread(row, count) {
    row.classList.toggle("switcher__room--unread", count > 0);
    slot(row, "badge").hidden = count === 0;
    slot(row, "count").textContent = count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count);
    slot(row, "count-words").textContent = fillCount(this.dialog.dataset, "unread", count);
  }

  #showPresence(row) {
    const isThere = row.dataset.person ? this.isHere(Number(row.dataset.person)) : null;
    if (isThere === null) return;
    slot(row, "presence").hidden = false;
    slot(row, "presence").classList.toggle("presence--here", isThere);
    slot(row, "presence-words").textContent = isThere ? this.dialog.dataset.here : this.dialog.dataset.away;
  }

  #say(words) {
    setText(slot(this.dialog, "said"), words);
  }
}
