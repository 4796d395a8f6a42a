import { mountAll, unmountAll } from "../app.js";
import { copyTemplate, fillCount, pageFromServer, slot, tell } from "./dom.js";
import { getPage } from "./http.js";
import { callRoom } from "./room_name.js";
import { setTitle } from "./title.js";

/** The parts of a room's page that change with the room: its name, who is in it, and whether one can write here. */
export class RoomParts {
  #isWanted = false;
  #renewing = null;

  constructor(element) {
    this.element = element;
    this.#renewStale(); // one had left while it was being asked for
  }

  get #isArchived() {
    return this.element.dataset.isArchived === "true";
  }

  /** The room's own state, as the wire tells it. */
  changed({ name, kind, is_archived: isArchived }) {
    if (kind !== "direct") callRoom(this.element, name); // that one is called by whoever else is in it
    this.#renewStale();
    if (isArchived === this.#isArchived) return;
    this.element.dataset.isArchived = String(isArchived);
    if (isArchived) this.#archive();
    else this.renew(); // who may write now, only the server knows
  }

  /** So many are in the room. */
  count(count) {
    const link = this.#find(".room__members");
    slot(link, "members-count").textContent = count;
    slot(link, "members-words").textContent = fillCount(link.dataset, "words", count);
    this.#renewStale();
  }

  /** The same parts as the server shows them now. Resolves to false when it shows this room to us no more. */
  renew() {
    this.element.dataset.isStale = "true";
    this.#isWanted = true; // a page that is on its way may be of before what is asked for now
    return (this.#renewing ??= this.#renewAll());
  }

  /** A page that did not come is asked for once more; one that is on its way may be of before what was told now. */
  #renewStale() {
    if ("isStale" in this.element.dataset) this.renew();
  }

  async #renewAll() {
    let isOurs = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      isOurs = await this.#fetch();
    }
    this.#renewing = null;
    return isOurs;
  }

  async #fetch() {
    try {
      await this.#swap(pageFromServer(await getPage(this.element.dataset.url)));
      return true;
    } catch (error) {
      return error.code !== "room_not_found"; // the next answer or change tries again
    }
  }

  /** What was said in a room that is no longer ours is not for us to read. */
  close() {
    for (const part of [".log", ".log__jump", ".room__notice", ".composer"]) this.#remove(this.#find(part));
  }

  /** Nothing can be sent from here; what stands in the box can be read and copied. */
  lock() {
    const composer = this.#find(".composer");
    if (!composer) return;
    if (composer.querySelector("textarea").value.trim() === "") composer.hidden = true;
    tell(composer, "composer:lock");
  }

  #unlock() {
    const composer = this.#find(".composer");
    composer.hidden = false;
    tell(composer, "composer:unlock");
  }

  #archive() {
    slot(this.element, "standing").replaceChildren(copyTemplate(this.element, "archived"));
    this.lock();
  }

  async #swap(page) {
    const fresh = page.querySelector(".room");
    if (!fresh || !this.element.isConnected) return; // not from our server, or nobody looks here any more
    const { isArchived, readUrl = "" } = fresh.dataset;
    Object.assign(this.element.dataset, { isArchived, readUrl });
    if (!this.#isWanted) delete this.element.dataset.isStale;
    setTitle(page.title);
    this.#swapHeader(fresh.querySelector(".room__header"));
    slot(this.element, "standing").replaceChildren(...this.#copies(slot(fresh, "standing").childNodes));
    await this.#swapComposer(fresh.querySelector(".composer"));
  }

  #swapHeader(fresh) {
    const header = this.#find(".room__header");
    unmountAll(header);
    const own = document.importNode(fresh, true);
    header.replaceWith(own);
    mountAll(own);
  }

  async #swapComposer(fresh) {
    if (!fresh) return this.lock();
    if (this.#find(".composer")) return this.#unlock();
    this.element.append(document.importNode(fresh, true));
    await mountAll(this.element);
  }

  #copies(nodes) {
    return [...nodes].map((node) => document.importNode(node, true));
  }

  #remove(part) {
    if (!part) return;
    unmountAll(part);
    part.remove();
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}
