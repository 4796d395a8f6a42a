import { me } from "../page.js";
import { tell } from "./dom.js";

const CHANNEL = "chatapp:preferences";
const CHOSEN = ["theme", "sendKey", "clock", "singleKeys"]; // on <html>, absent where nothing was chosen

const root = document.documentElement;

/** Let the other tabs look as this one does, which comes fresh from the server; and follow those that come later: the
 * document is told `clock:chosen` when times are to be told otherwise. */
export function sharePreferences() {
  if (!me() || !window.BroadcastChannel) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => { if (data.me === me()) wear(data); });
  channel.postMessage({ me: me(), ...chosen() });
}

function chosen() {
  return Object.fromEntries(CHOSEN.map((name) => [name, root.dataset[name]]));
}

function wear(fresh) {
  const { clock } = root.dataset;
  for (const name of CHOSEN) {
    if (fresh[name]) root.dataset[name] = fresh[name];
    else delete root.dataset[name];
  }
  for (const meta of document.querySelectorAll("[data-scheme]")) meta.media = mediaOf(meta.dataset.scheme, fresh.theme);
  if (clock !== fresh.clock) tell(document, "clock:chosen");
}

/** As templates/base.html has it: around the page, too, its colour is the chosen one. */
function mediaOf(scheme, theme) {
  if (!theme) return `(prefers-color-scheme: ${scheme})`;
  return theme === scheme ? "all" : "not all";
}
