import { listenForDialog, openDialog } from "../helpers/dialogs.js";
import { listen } from "../helpers/dom.js";

const BESIDE = "(width >= 52rem)"; // there the list stands beside the room: static/css/sidebar.css

/**
 * The rooms over the room, where there is no space for them beside it: the same list, which goes on counting. A link to a
 * room closes it, and changes the room in place.
 */
export function mount(dialog) {
  if (!dialog.showModal) return () => {}; // the link to the page of all rooms stays
  const sidebar = document.querySelector(".sidebar");
  const ends = [
    ...listenForDialog(dialog, "drawer", () => open(dialog, sidebar)),
    listen(dialog, "click", (event) => { if (event.target.closest(".room-entry a")) dialog.close(); }),
    listen(dialog, "close", () => dialog.before(sidebar)),
    listen(matchMedia(BESIDE), "change", () => dialog.close()),
  ];
  document.body.classList.add("shell--drawer");
  return () => { ends.forEach((end) => end()); document.body.classList.remove("shell--drawer"); };
}

function open(dialog, sidebar) {
  if (!openDialog(dialog)) return;
  dialog.append(sidebar);
  (sidebar.querySelector("[aria-current]") ?? sidebar.querySelector("a")).focus();
}
