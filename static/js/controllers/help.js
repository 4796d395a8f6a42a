import { listenForDialog, openDialog } from "../helpers/dialogs.js";
import { listen } from "../helpers/dom.js";
import { hasSingleKeys, isCommand, isOutsideFields } from "../helpers/keys.js";

/** The dialog with all keys. (behaviour 67) */
export function mount(dialog) {
  const ends = [
    ...listenForDialog(dialog, "help", () => openDialog(dialog)),
    // Before the others hear of the key: what is typed with nothing in focus goes into the box.
    listen(document, "keydown", (event) => press(dialog, event), { capture: true }),
  ];
  return () => ends.forEach((end) => end());
}

function press(dialog, event) {
  const isAsked = isCommand(event, "/", "Slash") || (event.key === "?" && hasSingleKeys() && isOutsideFields(event));
  if (!isAsked || !openDialog(dialog)) return;
  event.preventDefault();
  event.stopPropagation();
}
