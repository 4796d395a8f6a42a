import { mountAll, unmountAll } from "../app.js";
import { DOWN } from "../events.js";
import { listen, slot, tell } from "../helpers/dom.js";
import { fetchRoom, goodbye, nameOf, welcome } from "../helpers/room_page.js";
import { RoomPlaces } from "../helpers/room_places.js";
import { roomAddress } from "../room/room_address.js";
import { WarmRooms } from "../room/warm_rooms.js";
import { on } from "../socket.js";

const WARM_ROOMS = 5; // kept as they were left; each is a page of messages
const AHEAD_MS = 3000; // a page that was asked for as the button went down, and not clicked since, is old
const PASSING = new Set(["offline", "timeout", "unavailable", "slow_down", "internal_error"]);
const SIGNED_OUT = "signed_out"; // the banner says so, and offers the way back

/**
 * Where the room stands that one is in. Whatever link leads to a room or to a message, it changes the room in place:
 * the server's own page of it, or the one that one has left. Tells the document `room:left {roomId}` and
 * `room:entered {roomId, title}`, also for the room that the page came with; `room:asked {roomId}`, where one is going.
 */
export function mount(element) {
  const stage = new Stage(element);
  const ends = [
    listen(document, "click", (event) => stage.clicked(event)),
    listen(document, "pointerdown", (event) => stage.pointed(event), { passive: true }),
    listen(window, "popstate", () => stage.returned()),
    ...stage.places.listen(() => stage.room),
    listen(window, "beforeunload", (event) => { if (stage.warm.isHolding) event.preventDefault(); }),
    // What was said in a room that is no longer ours is not for us to read.
    on(DOWN.ROOM_REMOVED, (payload) => stage.warm.take(payload.room_id)),
  ];
  stage.mark(history.state?.at ?? 0);
  stage.entered();
  stage.places.open(stage.room);
  return () => ends.forEach((end) => end());
}

class Stage {
  #turn = 0; // who clicks on another room meanwhile does not want the former any more
  #ahead = null; // a page that was asked for before it was wanted
  #at; // which entry of the browser's history is shown, counted in each: the browser does not say it

  constructor(element) {
    this.element = element;
    this.warm = new WarmRooms({ most: WARM_ROOMS, isHeld: ({ room }) => isHolding(room) });
    this.places = new RoomPlaces(this.room.dataset);
  }

  get room() {
    return this.element.querySelector(":scope > .room");
  }

  get roomId() {
    return Number(this.room.dataset.roomId);
  }

  clicked(event) {
    const address = addressAt(event);
    // A text that is being changed would go with its page: the browser asks.
    if (!address || (this.#isOfOtherPage(address) && isWriting(this.room))) return;
    event.preventDefault();
    this.#go(address, { isReturn: false });
  }

  /** The button is down, and the click comes when it is up again: time enough for most of the way. */
  pointed(event) {
    if (event.pointerType !== "mouse") return; // a finger may be about to scroll
    const address = addressAt(event);
    if (!address || this.#isShown(address) || this.warm.has(address.roomId)) return;
    const page = this.#pageOf(address);
    this.#ahead = { page, at: performance.now(), answer: fetchRoom(page, address.roomId, this.room.dataset) };
    this.#ahead.answer.catch(() => {}); // said when it is wanted
  }

  /** Back or forward; or, with nothing marked yet, the browser went to another place of this page. */
  returned() {
    const at = history.state?.at;
    if (at === undefined) return this.mark(this.#at + 1);
    this.#ask(this.roomId);
    if (at !== this.#at) this.#return(roomAddress(location));
  }

  #return(address) {
    if (isWriting(this.room) && (!address || this.#isOfOtherPage(address))) this.#goOnWriting();
    else if (!address) location.reload(); // a page that only the server makes
    else if (this.#isShown(address)) this.#lookAt(address);
    else this.#go(address, { isReturn: true });
  }

  /** This entry of the history is what is shown. */
  mark(at) {
    this.#at = at;
    history.replaceState({ ...history.state, at }, "");
  }

  /** One is in a room: now, or since the page is there. */
  entered() {
    tell(document, "room:entered", { roomId: this.roomId, title: nameOf(this.room) });
  }

  async #go(address, { isReturn }) {
    this.#ask(address.roomId);
    this.#say("");
    if (this.#isShown(address)) return this.#stay(address);
    const warm = this.#warm(address);
    if (warm) await this.#swap(warm, address, { isReturn, isAimed: !isReturn });
    else await this.#goFar(address, { isReturn, turn: this.#turn });
  }

  /** What was on its way is not wanted any more. */
  #ask(roomId) {
    this.#turn += 1;
    this.element.removeAttribute("aria-busy");
    tell(document, "room:asked", { roomId });
  }

  async #goFar(address, { isReturn, turn }) {
    this.element.setAttribute("aria-busy", "true");
    try {
      const room = await this.#fetched(address, isReturn);
      if (turn !== this.#turn) return;
      if (room) await this.#swap({ room, place: null }, address, { isReturn, isAimed: true });
      else location.assign(address.path); // a page of another kind, or of another release
    } catch (error) {
      if (turn === this.#turn) this.#failed(error, address, isReturn);
    } finally {
      if (turn === this.#turn) this.element.removeAttribute("aria-busy");
    }
  }

  #fetched(address, isReturn) {
    const ahead = this.#ahead;
    this.#ahead = null;
    const page = this.#pageOf(address, isReturn);
    const isFresh = ahead?.page === page && performance.now() - ahead.at < AHEAD_MS;
    return isFresh ? ahead.answer : fetchRoom(page, address.roomId, this.room.dataset);
  }

  /** Where one has read further up, what stood there; by a link, unless the list says that something is new. */
  #pageOf({ roomId, page, number }, isReturn = false) {
    const isNew = !isReturn && document.querySelector(`.room-entry--unread[data-room-id="${roomId}"]`);
    const place = number === null && roomId !== this.roomId && !isNew && this.places.in(roomId);
    return place ? `${page}?around=${place.number}` : page;
  }

  /** The room stays, and what is written in it. */
  #failed({ code }, { path }, isReturn) {
    if (!PASSING.has(code) && code !== SIGNED_OUT) return location.assign(path); // the server's own words for it
    tell(document, "room:asked", { roomId: this.roomId });
    if (isReturn) this.#turnBack();
    if (code !== SIGNED_OUT) this.#say(this.element.dataset.unreachable);
  }

  /** The address is that of the room again, and the way on stays what it was. */
  #turnBack() {
    history.go(this.#at - history.state.at);
  }

  /** What is written stands in lines that would go: it has to be finished first. */
  #goOnWriting() {
    this.#turnBack();
    this.room.querySelector(".edit-box--changed textarea").focus();
  }

  async #swap({ room, place }, address, { isReturn, isAimed }) {
    const turn = this.#turn;
    this.#leave(address.roomId);
    if (isReturn) this.mark(history.state.at);
    else this.#push(address.path);
    this.element.prepend(room);
    welcome(room, place);
    await mountAll(this.element);
    if (turn !== this.#turn) return;
    if (address.number && isAimed) this.#aimAt(address);
    else this.#comeBack(room, address, { isThere: place || (!isReturn && room.querySelector(".unread-line")) });
    this.entered();
  }

  /** Where one was; and the focus is in the room, so that one hears which it is. */
  #comeBack(room, { number }, { isThere }) {
    if (!isThere && !number) this.places.comeBack(room);
    if (!this.element.contains(document.activeElement)) room.querySelector(".room__title").focus();
  }

  #leave(nextId) {
    const { room, roomId } = this;
    const place = goodbye(room);
    unmountAll(room);
    room.remove();
    // One room does not stand in two pages; and the log is gone where one was sent away.
    const isLeft = roomId !== nextId;
    this.places.leave(room, isLeft ? place : null);
    if (isLeft && place) this.warm.put(roomId, { room, place });
    tell(document, "room:left", { roomId });
  }

  /** Where one is already; and Back leads to what was in sight. */
  #stay(address) {
    const isNew = location.href !== new URL(address.path, location.href).href;
    if (isNew) {
      history.replaceState({ ...history.state, top: logOf(this.room).scrollTop }, "");
      this.#push(address.path);
    }
    if (address.number) this.#aimAt(address);
    else this.#goToNewest();
  }

  /** The same, by Back or forward. */
  #lookAt({ number }) {
    const { at, top } = history.state;
    this.mark(at);
    if (number) lineOf(this.room, number).scrollIntoView();
    else if (top !== undefined) logOf(this.room).scrollTop = top;
  }

  #push(path) {
    const at = (history.state?.at ?? this.#at) + 1;
    history.pushState({ at }, "", path);
    this.#at = at;
  }

  /** As the browser does when it comes to a page by such an address: it marks the line, and goes on from there. */
  #aimAt({ path, number }) {
    const at = this.#at;
    location.replace(path.slice(path.indexOf("#")));
    this.mark(at);
    const line = document.getElementById(`message-${number}`);
    (line?.matches("[tabindex]") ? line : line?.querySelector(".message__link"))?.focus({ preventScroll: true });
  }

  #goToNewest() {
    logOf(this.room).scrollTop = 0;
    this.room.querySelector(".composer textarea")?.focus();
  }

  #warm({ roomId, number }) {
    const kept = this.warm.take(roomId);
    return kept && (!number || lineOf(kept.room, number)) ? kept : null;
  }

  #isShown(address) {
    return address.roomId === this.roomId && this.#isThere(address) && (address.number !== null || this.#isAtNewest());
  }

  #isOfOtherPage(address) {
    return address.roomId === this.roomId && !this.#isShown(address);
  }

  #isThere({ number }) {
    return number === null || lineOf(this.room, number) !== null;
  }

  #isAtNewest() {
    const log = logOf(this.room);
    return log !== null && slot(log, "newer").hidden;
  }

  #say(words) {
    slot(this.element, "unreachable").replaceChildren(...(words ? [paragraph(words)] : []));
  }
}

/** Of a link that this click, or this button, opens here: with a key held down it is another tab's. */
function addressAt(event) {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const link = isPlain && !event.defaultPrevented && event.target.closest("a[href]:not([download], [data-reload])");
  return link && link.origin === location.origin ? roomAddress(link) : null;
}

function paragraph(words) {
  const element = document.createElement("p");
  element.className = "banner__text";
  element.textContent = words;
  return element;
}

function logOf(room) {
  return room.querySelector(".log");
}

function lineOf(room, number) {
  return room.querySelector(`[data-slot="messages"] > [data-number="${number}"]`);
}

function isWriting(room) {
  return room.querySelector(".edit-box--changed, .staged") !== null;
}

/** What would be lost with the room. An edit is kept by the browser, but for one that keeps nothing. */
function isHolding(room) {
  return room.querySelector(".edit-box--unkept, .staged") !== null;
}
