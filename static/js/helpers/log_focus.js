import { listen, slot } from "./dom.js";
import { closeInside, labelLine, openInside } from "./line.js";

const LINES = ":is([data-slot=messages], [data-slot=pending]) > .message";
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const MOST = 0.8; // of a screen, at once: one must find again where one stopped
const NEARLY_PX = 1; // an edge may lie between two pixels
const MOVES = new Set(["Tab", "ArrowUp", "ArrowDown", "Home", "End", "Enter", "Escape"]);

/**
 * The log as a list that one walks by keys: Tab reaches one line, the newest first; Up, Down, Home and End go from line
 * to line, and through one that is taller than the log. Only in the line that has the focus are its links and buttons
 * stops of their own. While one walks by keys the log says so (`data-by-keys`): letters then mean its lines, and not the
 * box one writes in. (behaviour 8)
 */
export class LogFocus {
  #current = null; // the one line that Tab reaches

  constructor(log) {
    this.log = log;
    log.tabIndex = -1; // its lines are reached instead
  }

  listen() {
    return [
      listen(this.log, "keydown", (event) => this.key(event)),
      listen(this.log, "focusin", ({ target }) => this.#came(lineOf(target))),
      listen(this.log, "focusout", (event) => this.#left(lineOf(event.target), event.relatedTarget)),
      listen(document, "keydown", ({ key }) => MOVES.has(key) && this.log.toggleAttribute("data-by-keys", true), { capture: true }),
      listen(document, "pointerdown", () => this.log.removeAttribute("data-by-keys"), { capture: true }),
      () => this.log.removeAttribute("data-by-keys"),
    ];
  }

  /** Change the lines. The focus stays: on its line, on what stands there in its place, or on the one next to it. */
  keeping(change) {
    const held = lineOf(document.activeElement);
    const wasLast = this.#current === this.#lines().at(-1);
    const next = held && neighbours(held);
    change();
    const lines = this.#lines();
    if (held && !held.isConnected) this.#go(this.#again(held) ?? next.find((line) => line.isConnected) ?? lines.at(-1));
    else if (!this.#current?.isConnected || (wasLast && !held)) this.#be(lines.at(-1));
    if (this.#current) labelLine(this.#current); // its parts may be new
  }

  /** Bring the focus to the newest line. */
  goToNewest() {
    this.#go(this.#lines().at(-1));
  }

  key(event) {
    const line = lineOf(event.target);
    if (!line || event.defaultPrevented || isWriting(event)) return;
    if (this.#walkInside(event, line)) return;
    const lines = this.#lines();
    const at = lines.indexOf(line);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined) this.#walk(event, lines[to]);
    else if (event.key === "Enter" && isUnsent(event.target)) this.#walk(event, line.querySelector("button"));
    else if (event.key === "Escape") this.#walk(event, line);
  }

  /** Returns whether more of the line has come into sight: one goes on to the next when there is none. */
  #walkInside(event, line) {
    const step = STEPS[event.key];
    const hidden = step ? hiddenOf(line, this.log, step) : 0;
    if (hidden <= NEARLY_PX) return false;
    event.preventDefault();
    const { scrollTop } = this.log;
    this.log.scrollTop += step * Math.min(hidden, this.log.clientHeight * MOST);
    return this.log.scrollTop !== scrollTop;
  }

  #walk(event, to) {
    event.preventDefault();
    if (to) this.#go(to);
    else if (event.key === "ArrowUp") this.log.scrollTop = -this.log.scrollHeight; // older ones come as by scrolling
  }

  #go(to) {
    if (!to) return;
    if (to.matches(".message")) this.#be(to);
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  }

  #be(line) {
    if (line === this.#current) return;
    for (const name of ["tabindex", "aria-labelledby"]) this.#current?.removeAttribute(name);
    this.#current = line ?? null;
    if (line) labelLine(line);
    if (line) line.tabIndex = 0;
  }

  #came(line) {
    if (!line) return;
    this.#be(line);
    openInside(line);
  }

  #left(line, to) {
    if (line && !line.contains(to)) closeInside(line);
  }

  /** The line that stands for the same message now. */
  #again({ dataset: { messageId, clientId } }) {
    const messages = slot(this.log, "messages");
    const name = messageId ? `[data-message-id="${messageId}"]` : `[data-client-id="${CSS.escape(clientId)}"]`;
    return messages.querySelector(name) ?? slot(this.log, "pending").querySelector(name);
  }

  #lines() {
    return [...this.log.querySelectorAll(LINES)];
  }
}

function lineOf(target) {
  return target?.closest?.(LINES) ?? null;
}

/** How much of a line that is taller than the log is out of sight on that side. */
function hiddenOf(line, log, step) {
  const [box, { top, bottom: end }] = [line, log].map((element) => element.getBoundingClientRect());
  const bottom = end - (parseFloat(getComputedStyle(log).scrollPaddingBottom) || 0); // a button covers the rest
  const isTall = box.height > bottom - top && box.top < bottom && box.bottom > top;
  if (!isTall) return 0;
  return step > 0 ? box.bottom - bottom : top - box.top;
}

function isUnsent(target) {
  return target.matches("[data-slot=pending] > .message");
}

/** Neither a key of a text or of a player, nor one with a meaning of its own to the browser. */
function isWriting(event) {
  const isHeld = event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.keyCode === 229;
  const isPlayers = event.target.matches("audio, video") && event.key !== "Escape";
  return isHeld || isPlayers || event.target.closest(".edit-box") !== null;
}

/** The lines around one, the nearest first: those after it, then those before. */
function neighbours(line) {
  const all = [...line.parentElement.querySelectorAll(":scope > .message")];
  const at = all.indexOf(line);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()];
}
