import { me } from "../page.js";

const CHANNEL = "chatapp:preferences";
const CHOSEN = ["theme", "sendKey", "clock", "singleKeys"]; // on <html>, absent where nothing was chosen

const root = document.documentElement;

/** Let the other tabs look as this one does, which comes fresh from the server; and follow those that come later. */
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
  for (const name of CHOSEN) {
    if (fresh[name]) root.dataset[name] = fresh[name];
    else delete root.dataset[name];
  }
}
