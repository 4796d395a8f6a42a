import { isToClose, openDialog } from "./dialogs.js";
import { fill, listen, slot } from "./dom.js";
import { isBare, rightIn } from "./keys.js";
import { loadSheet } from "./late_sheet.js";

await loadSheet("attachments");

const shows = new WeakMap(); // of a dialog
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** Open the picture of this link large; the arrows lead to those before and after it. */
export function show(dialog, link) {
  if (!shows.has(dialog)) shows.set(dialog, new PictureShow(dialog));
  shows.get(dialog).open(link);
}

class PictureShow {
  #address = null; // of the picture that is shown: its line, and the link in it, may be made anew
  #moves = null; // where it stands whole, and where its still picture does
  #isPlaying = false;

  constructor(dialog) {
    this.dialog = dialog;
    this.picture = document.createElement("img");
    this.picture.className = "gallery__picture";
    slot(dialog, "stage").append(this.picture);
    listen(dialog, "keydown", (event) => this.#key(event));
    listen(dialog, "click", (event) => this.#clicked(event));
    listen(dialog, "close", () => this.#closed());
    listen(this.picture, "error", () => { slot(dialog, "error").textContent = dialog.dataset.failed; });
  }

  open(link) {
    if (openDialog(this.dialog)) this.#turnTo(link);
  }

  #key(event) {
    const right = rightIn(this.dialog);
    const steps = { ArrowLeft: -right, ArrowRight: right };
    const step = Object.keys(steps).find((key) => isBare(event, key));
    if (!step) return;
    event.preventDefault();
    this.#go(steps[step]);
  }

  #clicked(event) {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step) this.#go(Number(step));
    else if (event.target.closest('[data-slot="play"]')) this.#set({ isPlaying: !this.#isPlaying });
    else if (isToClose(this.dialog, event)) this.dialog.close();
  }

  /** What has come or gone meanwhile counts. */
  #go(step) {
    const links = linksOfPage();
    const next = links[this.#placeIn(links) + step];
    if (next) this.#turnTo(next);
  }

  #turnTo(link) {
    const [links, shown] = [linksOfPage(), link.querySelector("img")];
    this.#address = link.href;
    const index = this.#placeIn(links);
    slot(this.dialog, "error").textContent = "";
    this.picture.alt = shown.alt;
    this.#begin(link.href, stillness.matches && "animated" in link.dataset ? shown.currentSrc || shown.src : null);
    slot(this.dialog, "name").textContent = nameOf(link);
    slot(this.dialog, "place").textContent = fill(this.dialog.dataset.place, { number: index + 1, count: links.length });
    Object.assign(slot(this.dialog, "download"), { href: `${link.href}?download=1`, download: nameOf(link) });
    // Said to be at the end rather than disabled: a button that is disabled would lose the focus.
    slot(this.dialog, "previous").setAttribute("aria-disabled", String(index <= 0));
    slot(this.dialog, "next").setAttribute("aria-disabled", String(index + 1 >= links.length));
  }

  /** What moves stands still where one wants it so: its small copy is its first picture. */
  #begin(address, still) {
    const button = slot(this.dialog, "play");
    // Who plays one and goes on by key keeps a place in the dialog, though its button goes.
    if (!still && document.activeElement === button) slot(this.dialog, "next").focus();
    button.hidden = !still;
    this.#moves = { address, still };
    this.#set({ isPlaying: !still });
  }

  #set({ isPlaying }) {
    const { address, still } = this.#moves;
    this.picture.src = isPlaying ? address : still;
    slot(this.dialog, "play").textContent = isPlaying ? this.dialog.dataset.stop : this.dialog.dataset.play;
    this.#isPlaying = isPlaying;
  }

  /** One goes on from the picture that one saw last; and what is deleted later is not to be found in the page. */
  #closed() {
    const links = linksOfPage();
    this.picture.removeAttribute("src");
    (links[this.#placeIn(links)] ?? document.querySelector("main")).focus();
    this.#address = null;
  }

  #placeIn(links) {
    return links.findIndex(({ href }) => href === this.#address);
  }
}

function linksOfPage() {
  return [...document.querySelectorAll("main .upload__open")];
}

function nameOf(link) {
  return decodeURIComponent(link.pathname.split("/").at(-1));
}
