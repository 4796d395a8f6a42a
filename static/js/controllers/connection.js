import { copyTemplate, listen, slot } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { SIGNED_OUT, onSignedOut } from "../helpers/sign_in.js";
import { isConnected, onConnect, onDisconnect, reconnectNow } from "../socket.js";

const PATIENCE_MS = 3000; // most breaks are shorter; a banner that flickers says nothing (behaviour 45)

/** Says that the live connection is away, that nothing is lost, or that one is signed out. */
export function mount(element) {
  let timer = setTimeout(() => showAway(element), PATIENCE_MS);
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => showAway(element), PATIENCE_MS); };
  const ends = [
    onConnect(() => { clearTimeout(timer); hide(element); }),
    onDisconnect(wait),
    onSignedOut(() => showSignedOut(element)),
    listen(document, "visibilitychange", () => slot(element, "login") && showAway(element)), // signed in elsewhere?
    listen(element, "click", (event) => event.target.closest('[data-action="reconnect"]') && reconnectNow()),
  ];
  return () => { clearTimeout(timer); ends.forEach((end) => end()); };
}

async function showAway(element) {
  if (isConnected() || await isSignedOut(element.dataset.signedInUrl) || isConnected()) return;
  show(element, "away");
}

function showSignedOut(element) {
  if (slot(element, "login")) return; // said already: each knock would say it again
  show(element, "signed-out"); // behaviour 20
  slot(element, "login").search = `?next=${encodeURIComponent(location.pathname)}`;
}

function show(element, template) {
  hide(element);
  element.append(copyTemplate(element, template));
}

function hide(element) {
  for (const child of [...element.children]) if (child.localName !== "template") child.remove();
}

/** Asked over HTTP, because the socket may be away for another reason. The answer comes to `onSignedOut` as well. */
async function isSignedOut(url) {
  try {
    await getJson(url);
    return false;
  } catch (error) {
    return error.code === SIGNED_OUT;
  }
}
