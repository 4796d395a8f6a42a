import { listen } from "./dom.js";
import { isOfInputMethod } from "./keys.js";
import { loadSheet } from "./late_sheet.js";

await loadSheet("hint");

const HOVER_MS = 400; // a pointer that only passes wants to know nothing
const GRACE_MS = 250; // on the way from the thing to what is said of it
const PRESS_MS = 500; // a finger that stays this long does not tap
const SLIP_PX = 10; // one that moves further scrolls
const GAP_PX = 6; // between the two, and from the edge of the window

/**
 * What the titles of `hinted` things say: beside whatever the keys bring the focus to, the pointer rests on, or a finger is
 * held on. It stays for as long as that, or while the pointer is on itself, and Escape takes it away. (WCAG 1.4.13)
 */
export class Hints {
  #about = null; // what it is said of, while it is shown
  #timer = 0; // until it is shown or hidden
  #finger = null; // where it came down, and on what
  #isHeld = false; // the finger has got its answer: letting go is no tap, and takes nothing away

  constructor(element, hinted) {
    Object.assign(this, { element, hinted, room: element.parentElement });
  }

  /** What ends it stands in the list. */
  listen() {
    const here = (name, handler, options) => listen(this.room, name, handler, options);
    return [
      here("focusout", () => this.#leave(0)),
      here("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#leave(GRACE_MS)),
      here("pointermove", (event) => this.#moved(event)),
      here("contextmenu", (event) => this.#finger && this.#hold(event)),
      here("click", (event) => this.#clicked(event), { capture: true }),
      here("message:arrived", () => queueMicrotask(() => { if (!this.#about?.isConnected) this.#hide(); })),
      listen(document, "pointerdown", ({ target }) => this.#begin(target), { capture: true }),
      listen(document, "keydown", (event) => this.#key(event), { capture: true }),
      listen(document, "scroll", () => this.#follow(), { capture: true, passive: true }),
      () => this.#hide(),
    ];
  }

  /** The focus, the pointer or a finger has come to something, or has left. */
  met(event) {
    const about = event.target.closest(this.hinted);
    if (event.type === "focusin") this.#focused(event.target, about);
    else if (event.pointerType === "mouse") this.#pointed(event, about);
    else if (event.type === "pointerdown" && about) this.#down(event, about);
    else if (event.type !== "pointerover") this.#lift();
  }

  #focused(target, about) {
    if (about === target && about.matches(":focus-visible")) this.#show(about);
    else this.#leave(0);
  }

  #pointed({ type, target }, about) {
    if (type !== "pointerover") return;
    if (about) takeTitles(about); // or the browser shows them as well
    if (about && about !== this.#about) this.#wait(this.#about ? 0 : HOVER_MS, () => this.#show(about));
    else if (about || this.element.contains(target)) clearTimeout(this.#timer);
    else this.#leave(GRACE_MS);
  }

  /** Whatever is pressed next ends it. */
  #begin(target) {
    this.#isHeld = false;
    if (!this.element.contains(target)) this.#hide();
  }

  #down({ clientX, clientY }, about) {
    takeTitles(about);
    this.#finger = { about, clientX, clientY };
    this.#wait(PRESS_MS, () => this.#hold());
  }

  #moved({ clientX, clientY }) {
    const from = this.#finger;
    if (from && Math.hypot(clientX - from.clientX, clientY - from.clientY) > SLIP_PX) this.#lift();
  }

  /** The browser may have a menu of its own for it. */
  #hold(menu) {
    menu?.preventDefault();
    this.#isHeld = true;
    this.#show(this.#finger.about);
  }

  #lift() {
    if (this.#finger && !this.#isHeld) clearTimeout(this.#timer);
    this.#finger = null;
  }

  #clicked(event) {
    const isByKey = event.detail === 0;
    if (!this.#isHeld || isByKey || !event.target.closest(this.hinted)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** It alone goes, and the focus stays where it is. */
  #key(event) {
    if (event.key !== "Escape" || !this.#about || isOfInputMethod(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#hide();
  }

  /** Nobody looks at it any more, unless the focus or the pointer is still there; what a finger asked for stays. */
  #leave(ms) {
    if (this.#isHeld) return;
    this.#wait(ms, () => {
      const isAsked = this.#about?.matches(":focus-visible, :hover") || this.element.matches(":hover");
      if (!isAsked) this.#hide();
    });
  }

  #wait(ms, then) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #show(about) {
    this.#hide();
    if (!about.isConnected) return;
    takeTitles(about);
    this.#about = about;
    this.element.textContent = wordsOf(about);
    // What a reaction says is its name already: it would be spoken twice.
    if (!about.hasAttribute("aria-label")) about.setAttribute("aria-describedby", this.element.id);
    this.element.showPopover?.();
    this.#place();
  }

  #hide() {
    clearTimeout(this.#timer);
    if (!this.#about) return;
    this.#about.removeAttribute("aria-describedby");
    this.#about = null;
    this.element.hidePopover?.();
  }

  /** The log has moved below it. */
  #follow() {
    if (!this.#about) return;
    const [box, frame] = [this.#about, this.#about.closest(".log")].map((each) => each.getBoundingClientRect());
    if (box.bottom > frame.top && box.top < frame.bottom) this.#place();
    else this.#hide();
  }

  /** Above it, where there is room: a finger would cover what is below. */
  #place() {
    const { top, bottom, left, width } = this.#about.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.element;
    const above = top - offsetHeight - GAP_PX;
    const furthest = document.documentElement.clientWidth - offsetWidth - GAP_PX;
    style.setProperty("--hint-top", `${above >= 0 ? above : bottom + GAP_PX}px`);
    style.setProperty("--hint-left", `${Math.max(GAP_PX, Math.min(left + (width - offsetWidth) / 2, furthest))}px`);
  }
}

/** From here on it is for us to show what they say. */
function takeTitles(about) {
  for (const titled of [about, ...about.querySelectorAll("[title]")]) {
    if (!titled.title) continue;
    titled.dataset.hint = titled.title;
    titled.removeAttribute("title");
  }
}

/** With the time of a message stands when it was changed: no key leads there. */
function wordsOf(about) {
  const said = hintOf(about);
  const edited = about.matches(".message__link") && about.parentElement.querySelector(".message__edited");
  return edited ? `${said}\n${edited.textContent} · ${hintOf(edited)}` : said;
}

function hintOf(element) {
  const hinted = element.matches("[data-hint], [title]") ? element : element.querySelector("[data-hint], [title]");
  return hinted?.title || hinted?.dataset.hint || "";
}
