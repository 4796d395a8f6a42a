import { copyTemplate, fill, listen, slot, tell } from "../helpers/dom.js";
import { hasFocus } from "../helpers/focus.js";
import { getJson } from "../helpers/http.js";
import { clockTime } from "../helpers/moments.js";
import { SIGNED_OUT, onSignedOut } from "../helpers/sign_in.js";
import { isConnected, onConnect, onDisconnect, reconnectNow } from "../socket.js";

const PATIENCE_MS = 3000; // most breaks are shorter; a banner that flickers says nothing (behaviour 45)

/** Says that the live connection is away, that nothing is lost, or that one is signed out. Hears `changes:came` and
 * `changes:failed` of whoever asks for changes meanwhile. */
export function mount(element) {
  const banner = new Banner(element);
  banner.lost();
  const ends = [
    onConnect(() => banner.back()),
    onDisconnect(() => banner.lost()),
    onSignedOut(() => banner.showSignedOut()),
    listen(document, "sign-in:back", () => { banner.back(); banner.lost(); reconnectNow(); }),
    listen(element, "click", (event) => event.target.closest('[data-slot="login"]') && signInHere(event)),
    listen(document, "changes:came", () => banner.turn("slow")),
    listen(document, "changes:failed", () => banner.turn("away")),
    listen(document, "visibilitychange", () => slot(element, "login") && banner.show()), // signed in elsewhere?
    listen(element, "click", (event) => event.target.closest('[data-action="reconnect"]') && reconnectNow()),
  ];
  return () => { banner.back(); ends.forEach((end) => end()); };
}

/** In a dialog on this page, where there is one; with a key held down, or without a dialog, in another tab. */
function signInHere(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!tell(document, "sign-in:wanted", { link: event.target })) event.preventDefault();
}

class Banner {
  #timer = null;
  #since = null; // when the connection went away
  #shown = null; // the template

  constructor(element) {
    this.element = element;
  }

  lost() {
    this.#since ??= new Date();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(), PATIENCE_MS);
  }

  back() {
    clearTimeout(this.#timer);
    this.#since = null;
    if (hasFocus(this.element)) (document.querySelector(".composer textarea") ?? document.querySelector("main")).focus();
    this.#hide();
  }

  /**
   * Said at once, then asked over HTTP, which may work where a socket does not: on a network that swallows everything
   * there is no answer for long. `signed_out` comes to `onSignedOut` as well.
   */
  async show() {
    if (isConnected()) return;
    if (!this.#shown) this.#say("away");
    const failure = await getJson(this.element.dataset.signedInUrl).then(() => null, (error) => error);
    if (failure?.code === SIGNED_OUT || isConnected()) return;
    this.#say(failure ? "away" : "slow");
  }

  /** It stands there, and another word has become true. */
  turn(template) {
    if (this.#shown === "away" || this.#shown === "slow") this.#say(template);
  }

  showSignedOut() {
    if (slot(this.element, "login")) return; // said already: each knock would say it again
    this.#say("signed-out"); // behaviour 20
    slot(this.element, "login").search = `?next=${encodeURIComponent(location.pathname)}`;
  }

  #say(template) {
    if (this.#shown === template) return;
    const isByKeys = hasFocus(this.element);
    this.#hide();
    this.#shown = template;
    this.element.append(copyTemplate(this.element, template));
    const words = slot(this.element, "words");
    if (words) words.textContent = fill(words.textContent, { time: clockTime(this.#since ?? new Date()) });
    if (isByKeys) this.element.querySelector("a, button").focus();
  }

  #hide() {
    this.#shown = null;
    for (const child of [...this.element.children]) if (child.localName !== "template") child.remove();
  }
}
