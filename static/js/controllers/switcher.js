import { listenForDialog, openDialog } from "../helpers/dialogs.js";
import { listen, setText, slot } from "../helpers/dom.js";
import { isCommand } from "../helpers/keys.js";
import { keptStorage } from "../helpers/kept_storage.js";
import { isHere, onPresence } from "../helpers/presence.js";
import { me } from "../page.js";
import { RecentRooms } from "../room/recent_rooms.js";

/** Ctrl+K: find a room by a part of its name and go there. Its rows are links, and are clicked. Hears `room:entered
 * {roomId}`. What finds and lists them is loaded as one opens it first. (behaviour 63) */
export function mount(dialog) {
  const switcher = new Switcher(dialog);
  const ends = [
    ...listenForDialog(dialog, "switcher", () => switcher.open()),
    listen(document, "keydown", (event) => switcher.keyAnywhere(event), { capture: true }),
    listen(document, "room:entered", (event) => switcher.entered(event.detail.roomId)),
    listen(switcher.box, "input", () => switcher.list?.find()),
    listen(switcher.box, "keydown", (event) => switcher.list?.key(event)),
    onPresence(() => switcher.list?.presenceChanged()),
    listen(slot(dialog, "rooms"), "click", () => dialog.close()), // the row is a link: what it does, it does by itself
  ];
  switcher.enteredByPage();
  return () => ends.forEach((end) => end());
}

class Switcher {
  list = null; // once it is there

  constructor(dialog) {
    this.dialog = dialog;
    this.box = dialog.querySelector("input");
    this.recent = new RecentRooms(keptStorage(), me());
  }

  enteredByPage() {
    const roomId = Number(document.querySelector(".room[data-room-id]")?.dataset.roomId);
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
    this.#fill();
    return true;
  }

  async #fill() {
    try {
      const { RoomChooser } = await import("../helpers/room_chooser.js");
      this.list ??= new RoomChooser(this.dialog, { recent: this.recent, isHere });
      this.list.open();
    } catch {
      setText(slot(this.dialog, "said"), this.dialog.dataset.failed);
    }
  }
}
