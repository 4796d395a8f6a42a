import { listenForDialog, openDialog } from "../helpers/dialogs.js";
import { copyTemplate, fillCount, listen, setText, slot } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { isCommand, isOfInputMethod } from "../helpers/keys.js";
import { keptStorage } from "../helpers/kept_storage.js";
import { isHere, onPresence } from "../helpers/presence.js";
import { me } from "../page.js";
import { RecentRooms } from "../room/recent_rooms.js";

const MAX_SHOWN = 999; // above it stands "999+"

/** Ctrl+K: find a room by a part of its name and go there. Its rows are links, and are clicked. Hears `room:entered
 * {roomId}`. (behaviour 63) */
export function mount(dialog) {
  const switcher = new Switcher(dialog);
  const ends = [
    ...listenForDialog(dialog, "switcher", () => switcher.open()),
    listen(document, "keydown", (event) => switcher.keyAnywhere(event), { capture: true }),
    listen(document, "room:entered", (event) => switcher.entered(event.detail.roomId)),
    listen(switcher.box, "input", () => switcher.find()),
    listen(switcher.box, "keydown", (event) => switcher.key(event)),
    onPresence(() => switcher.presenceChanged()),
    listen(switcher.list, "click", () => dialog.close()), // the row is a link: what it does, it does by itself
  ];
  switcher.enteredByPage();
  return () => ends.forEach((end) => end());
}

class Switcher {
  #rooms = null; // as the server listed them last
  #findRooms = () => []; // comes with the first of them
  #active = 0;

  constructor(dialog) {
    this.dialog = dialog;
    this.box = dialog.querySelector("input");
    this.list = slot(dialog, "rooms");
    this.recent = new RecentRooms(keptStorage(), me());
  }

  enteredByPage() {
    const roomId = this.#currentId();
    if (roomId) this.entered(roomId);
  }

  entered(roomId) {
    this.recent.enter(roomId);
  }

  keyAnywhere(event) {
    if (!isCommand(event, "k", "KeyK")) return;
    if (this.dialog.open) this.dialog.close();
    else if (!this.open()) return; // another dialog stands there
    event.preventDefault();
    event.stopPropagation();
  }

  open() {
    if (!openDialog(this.dialog)) return false;
    this.box.value = "";
    this.box.focus();
    this.find();
    this.#load();
    return true;
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
      const [{ rooms }, { findRooms }] = await Promise.all([getJson(this.dialog.dataset.roomsUrl), import("../room/room_finder.js")]);
      [this.#rooms, this.#findRooms] = [rooms, findRooms];
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
    return this.#findRooms(this.#rooms ?? [], { query: this.box.value, recent: this.recent.ids, currentId: this.#currentId() });
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
    const isThere = row.dataset.person ? isHere(Number(row.dataset.person)) : null;
    if (isThere === null) return;
    slot(row, "presence").hidden = false;
    slot(row, "presence").classList.toggle("presence--here", isThere);
    slot(row, "presence-words").textContent = isThere ? this.dialog.dataset.here : this.dialog.dataset.away;
  }

  #say(words) {
    setText(slot(this.dialog, "said"), words);
  }
}
