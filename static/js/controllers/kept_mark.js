import { listen, slot } from "../helpers/dom.js";
import { keptStorage } from "../helpers/kept_storage.js";
import { me } from "../page.js";
import { Drafts } from "../room/drafts.js";
import { OutboxStore } from "../room/outbox_store.js";

/** At a room in the list: a pencil where one has begun to write, and a word where something is not sent. (behaviour 5) */
export function mount(element) {
  const roomId = Number(element.closest("[data-room-id]").dataset.roomId);
  const show = () => mark(element, roomId);
  show();
  const ends = [
    listen(window, "storage", show),
    listen(window, "pageshow", show),
    listen(document, "kept:changed", ({ detail }) => { if (detail.roomId === roomId) show(); }),
  ];
  return () => ends.forEach((end) => end());
}

function mark(element, roomId) {
  const drafts = new Drafts(keptStorage(), me());
  const unsent = new OutboxStore(keptStorage(), me()).unsent();
  slot(element, "draft").hidden = drafts.get(roomId).body === "";
  slot(element, "unsent").hidden = !unsent.some((entry) => entry.roomId === roomId && !drafts.holds(entry.clientId));
}
