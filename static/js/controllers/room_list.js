import { mountAll, unmountAll } from "../app.js";
import { fillCount, listen, pageFromServer, slot, tell } from "../helpers/dom.js";
import { getJson, getPage } from "../helpers/http.js";
import { followUnread } from "../helpers/unread_source.js";
import { me } from "../page.js";
import { UnreadRooms } from "../room/unread.js";

const MAX_SHOWN = 999; // above it stands "999+"

/** A list of rooms: its badges always show what a recount would give, and its rooms come and go by themselves. */
export function mount(element) {
  const list = new RoomList(element);
  const ends = [followUnread(list.unread), ...list.listenToPage()];
  return () => ends.forEach((end) => end());
}

class RoomList {
  #rooms = null; // as last heard of, when the list on the page differs from it
  #asked = ""; // the rooms for which the server's list was fetched

  constructor(element) {
    this.element = element;
    this.groups = element.dataset.groups?.split(" "); // those of the server's list that are shown here: all, where none is named
    this.unread = new UnreadRooms({
      me: me(),
      fetchRooms: () => getJson(element.dataset.roomsUrl),
      changed: (rooms) => this.#changed(rooms),
    });
  }

  listenToPage() {
    return [
      listen(this.element, "pointerleave", () => this.#refresh()),
      listen(this.element, "focusout", () => setTimeout(() => this.#refresh())), // once the focus is where it goes
    ];
  }

  #changed(rooms) {
    if (rooms) this.#rooms = this.groups ? rooms.filter((room) => this.groups.includes(groupOf(room))) : rooms;
    if (!this.#rooms) return; // until the first recount the server's own numbers stand there
    tell(document, "unread:counted", this.unread.total);
    if (rooms) this.#rename(rooms);
    this.#showCounts();
    this.#refresh();
  }

  #showCounts() {
    for (const entry of this.#entries()) showCount(entry, this.unread.countOf(Number(entry.dataset.roomId)), this.element.dataset);
  }

  /** In place: it moves nothing. */
  #rename(rooms) {
    const names = new Map(rooms.map(({ id, name }) => [String(id), name]));
    for (const entry of this.#entries()) {
      const name = slot(entry, "name");
      const fresh = names.get(entry.dataset.roomId);
      if (fresh && name.textContent !== fresh) name.textContent = fresh;
    }
  }

  /** Rooms come and go as the server lists them, but not under the pointer or the focus. (behaviour 52) */
  async #refresh() {
    const wanted = this.#rooms && keyOf(this.#rooms);
    if (!wanted || wanted === this.#key() || wanted === this.#asked || this.#isInUse()) return;
    this.#asked = wanted;
    try {
      const page = pageFromServer(await getPage(this.element.dataset.listUrl));
      this.#replace(page.querySelector('[data-controller="room-list"]')); // none when it is not from our server
    } catch {
      this.#asked = ""; // the next look tries again
    }
  }

  #replace(fresh) {
    if (!fresh) return;
    if (this.#isInUse()) this.#asked = ""; // somebody came while it was on its way
    else this.#fill(this.#own(document.importNode(fresh, true)));
    this.#showCounts();
  }

  #own(list) {
    return [...list.children].filter((group) => !this.groups || this.#isOwn(group));
  }

  #isOwn(group) {
    return this.groups.includes(group.dataset.group) && group.querySelector(".room-entry") !== null;
  }

  #fill(groups) {
    for (const child of this.element.children) unmountAll(child);
    this.element.replaceChildren(...groups);
    mountAll(this.element);
    tell(this.element, "room-list:filled");
  }

  #isInUse() {
    return this.element.matches(":hover") || this.element.contains(document.activeElement);
  }

  #key() {
    return keyOf(this.#entries().map(({ dataset }) => ({
      id: dataset.roomId, is_member: dataset.isMember === "true", is_archived: dataset.isArchived === "true",
    })));
  }

  #entries() {
    return [...this.element.querySelectorAll("[data-room-id]")];
  }
}

function showCount(entry, count, words) {
  const badge = slot(entry, "badge");
  entry.classList.toggle("room-entry--unread", count > 0);
  badge.hidden = count === 0;
  slot(badge, "count").textContent = count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count);
  slot(badge, "count-words").textContent = fillCount(words, "unread", count);
}

/** Where the server's list has it: templates/rooms/index.html. */
function groupOf({ kind, is_member: isMember, is_archived: isArchived }) {
  if (isArchived) return "archived";
  if (kind === "direct") return "conversations";
  return isMember ? "yours" : "joinable";
}

/** Which rooms are listed and where: two lists of one key show the same entries. */
function keyOf(rooms) {
  return rooms.map(({ id, is_member: isMember, is_archived: isArchived }) => `${id}${isMember}${isArchived}`).sort().join();
}
