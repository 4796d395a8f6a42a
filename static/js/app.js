// Gives every element with data-controller its controller. Each comes when a page needs it: the sign-in page
// loads no socket, and a controller that fails to load takes no other with it.

import { isOfInputMethod } from "./helpers/keys.js";
import { sharePreferences } from "./helpers/preferences.js";

const controllers = {
  "composer": () => import("./controllers/composer.js"),
  "connection": () => import("./controllers/connection.js"),
  "delete-dialog": () => import("./controllers/delete_dialog.js"),
  "drawer": () => import("./controllers/drawer.js"),
  "edit-box": () => import("./controllers/edit_box.js"),
  "emoji-picker": () => import("./controllers/emoji_picker.js"),
  "enter": () => import("./controllers/enter.js"),
  "favicon": () => import("./controllers/favicon.js"),
  "gallery": () => import("./controllers/gallery.js"),
  "help": () => import("./controllers/help.js"),
  "hint": () => import("./controllers/hint.js"),
  "kept-mark": () => import("./controllers/kept_mark.js"),
  "menu": () => import("./controllers/menu.js"),
  "message-actions": () => import("./controllers/message_actions.js"),
  "message-list": () => import("./controllers/message_list.js"),
  "presence": () => import("./controllers/presence.js"),
  "reactions": () => import("./controllers/reactions.js"),
  "read-all": () => import("./controllers/read_all.js"),
  "room": () => import("./controllers/room.js"),
  "room-list": () => import("./controllers/room_list.js"),
  "sidebar": () => import("./controllers/sidebar.js"),
  "sign-in-again": () => import("./controllers/sign_in_again.js"),
  "sign-out": () => import("./controllers/sign_out.js"),
  "stage": () => import("./controllers/stage.js"),
  "switcher": () => import("./controllers/switcher.js"),
  "time": () => import("./controllers/time.js"),
  "unsent": () => import("./controllers/unsent.js"),
};

const unmounts = new Map();

/** Mount the controllers within `root`: each as soon as its own files and those of what it holds are there. */
export async function mountAll(root) {
  const outermost = [...root.querySelectorAll("[data-controller]")].filter((element) => !isHeld(element, root));
  await Promise.all(outermost.map(mountTree));
}

function isHeld(element, root) {
  const holder = element.parentElement.closest("[data-controller]");
  return holder !== null && holder !== root && root.contains(holder);
}

/** Inner ones first: they then hear their owner's events. */
async function mountTree(element) {
  const elements = [element, ...element.querySelectorAll("[data-controller]")].reverse();
  const loaded = await Promise.all(elements.map(load)); // all files at once ...
  // ... then all in one go: a key that is pressed in between would be told to an owner who does not listen yet.
  elements.forEach((each, index) => mountOne(each, loaded[index]));
}

/** Unmount what stands in `root`, before it leaves the page. */
export function unmountAll(root) {
  for (const [element, unmount] of unmounts) {
    if (!root.contains(element)) continue;
    unmount();
    unmounts.delete(element);
  }
}

function mountOne(element, controller) {
  if (!element.isConnected) return; // it left the page while its files were on their way
  if (controller && !unmounts.has(element)) unmounts.set(element, controller.mount(element));
}

async function load(element) {
  try {
    return await controllers[element.dataset.controller]?.();
  } catch (error) {
    console.error(`controller ${element.dataset.controller} did not load`, error);
    return null;
  }
}

/** Where nobody takes a file that is dropped, the browser would show it in place of the page. (behaviour 10) */
function stayWhenFilesAreDropped(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

/** Escape ends the composition of a syllable: the browser would close the dialog around it as well. (behaviour 2) */
function stayWhileComposing(event) {
  if (event.key === "Escape" && isOfInputMethod(event)) event.preventDefault();
}

addEventListener("keydown", stayWhileComposing, { capture: true });
for (const name of ["dragover", "drop"]) addEventListener(name, stayWhenFilesAreDropped);
sharePreferences();
mountAll(document);
