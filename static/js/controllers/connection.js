import { copyTemplate, listen, slot } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { isConnected, onConnect, onDisconnect, onRefused, reconnectNow } from "../socket.js";

const PATIENCE_MS = 3000; // most breaks are shorter; a banner that flickers says nothing (behaviour 45)

/** Says that the live connection is away, that nothing is lost, or that one is signed out. */
export function mount(element) {
  let timer = setTimeout(() => show(element), PATIENCE_MS);
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => show(element), PATIENCE_MS); };
  const ends = [
    onConnect(() => { clearTimeout(timer); hide(element); }),
    onDisconnect(wait),
    onRefused(() => show(element)),
    listen(element, "click", (event) => event.target.closest('[data-action="reconnect"]') && reconnectNow()),
  ];
  return () => { clearTimeout(timer); ends.forEach((end) => end()); };
}

async function show(element) {
  if (isConnected()) return;
  const isSignedOut = await askWhetherSignedOut(element.dataset.signedInUrl);
  if (isConnected()) return;
  hide(element);
  element.append(copyTemplate(element, isSignedOut ? "signed-out" : "away"));
  if (isSignedOut) slot(element, "login").search = `?next=${encodeURIComponent(location.pathname)}`;
}

function hide(element) {
  for (const child of [...element.children]) if (child.localName !== "template") child.remove();
}

async function askWhetherSignedOut(url) {
  try {
    await getJson(url);
    return false;
  } catch (error) {
    return error.code === "signed_out";
  }
}
