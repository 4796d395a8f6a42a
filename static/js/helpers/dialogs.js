import { listen } from "./dom.js";

/**
 * What opens and closes a dialog of the page: what says `data-opens=name`, a click beside it, another room beneath it: by
 * Back, say. Links among these lead on where there are no dialogs. Returns what ends it.
 */
export function listenForDialog(dialog, name, open) {
  return [
    listen(document, "click", (event) => {
      const opener = event.target.closest?.(`[data-opens="${name}"]`);
      if (!opener || !isPlain(event) || !dialog.showModal) return;
      event.preventDefault();
      leaveMenu(opener);
      open();
    }),
    listen(dialog, "click", (event) => { if (isToClose(dialog, event)) dialog.close(); }),
    listen(document, "room:left", () => dialog.close()), // before the next one takes the focus
  ];
}

/** Show it over the page, unless another stands there. Whoever had the focus gets it back. */
export function openDialog(dialog) {
  if (!dialog.showModal || document.querySelector("dialog[open]")) return false;
  dialog.showModal();
  return true;
}

/** Whether a click is meant for this page: in a tab of its own a link is what the browser makes of it. */
export function isPlain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** A menu closes under the dialog; what stands in it could not get the focus back. */
export function leaveMenu(opener) {
  const menu = opener.closest("details");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

/** Whether a click closes it: the button for it, or a click beside the dialog, that is one on its backdrop. */
export function isToClose(dialog, { target, clientX, clientY }) {
  if (target !== dialog) return target.closest('[data-action="close"]') !== null;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
