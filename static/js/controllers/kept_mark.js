import { listen, slot } from "../helpers/dom.js";
import { keptStorage } from "../helpers/kept_storage.js";
import { me } from "../page.js";
import { Drafts } from "../room/drafts.js";
import { Edits } from "../room/edits.js";
import { OutboxStore } from "../room/outbox_store.js";

const SOON_MS = 50; // one message is kept, sent and confirmed in several steps; what it says itself is painted first

/** At a room in the list: a pencil where one has begun to write, and a word where something is not sent. (behaviour 5) */
export function mount(element) {
  const roomId = Number(element.closest("[data-room-id]").dataset.roomId);
  let timer = 0;
  const show = () => { timer = 0; mark(element, roomId); };
  const showSoon = () => { timer ||= setTimeout(show, SOON_MS); };
  show();
  const ends = [
    listen(window, "storage", showSoon),
    listen(window, "pageshow", showSoon),
    listen(document, "kept:changed", ({ detail }) => { if (detail.roomId === roomId) showSoon(); }),
    () => clearTimeout(timer),
  ];
  return () => ends.forEach((end) => end());
}

function mark(element, roomId) {
  const drafts = new Drafts(keptStorage(), me());
  const unsent = new OutboxStore(keptStorage(), me()).unsent();
  const edits = new Edits(keptStorage(), me()).of(roomId);
  slot(element, "draft").hidden = drafts.get(roomId).body === "" && edits.length === 0;
  slot(element, "unsent").hidden = !unsent.some((entry) => entry.roomId === roomId && !drafts.holds(entry.clientId));
}
