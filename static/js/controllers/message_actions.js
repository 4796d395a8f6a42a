import { ask, copyTemplate, fill, listen, slot, tell } from "../helpers/dom.js";
import { copyText } from "../helpers/clipboard.js";
import { getJson } from "../helpers/http.js";
import { mountAll, unmountAll } from "../app.js";
import { hasSingleKeys, isOfInputMethod } from "../helpers/keys.js";
import { KeptEdits } from "../helpers/kept_edits.js";
import { focusLine } from "../helpers/line.js";
import { Toolbar } from "../helpers/toolbar.js";

const KEYS = { e: "edit", r: "reply", Delete: "delete" }; // in a line that has the focus by keys, and nowhere else

/**
 * The buttons for one message. There is one set of them: it goes into the line that the pointer is over, that has the
 * focus or was tapped. Enter goes from the line into them, Tab after the message's own links; Escape leaves them.
 */
export function mount(element) {
  const actions = new MessageActions(element);
  const { log } = actions;
  const ends = [
    listen(log, "pointerover", (event) => event.pointerType === "mouse" && actions.hover(lineOf(event.target))),
    // A finger leaves with every tap, before it has pressed anything.
    listen(log, "pointerleave", (event) => event.pointerType === "mouse" && actions.leave()),
    listen(log, "click", (event) => actions.show(lineOf(event.target))), // a tap: there is nothing to hover with
    listen(document, "pointerdown", (event) => event.pointerType !== "mouse" && actions.touched(event.target)),
    listen(log, "focusin", (event) => actions.show(lineOf(event.target))),
    listen(log, "focusout", (event) => actions.focusLeft(event.relatedTarget)),
    listen(log, "message:refused", (event) => actions.refused(lineOf(event.target), event.detail.sentence)),
    listen(log, "message:arrived", () => queueMicrotask(() => actions.update())), // once the line shows it
    listen(actions.room, "message:edit-asked", ({ detail }) => actions.editFromBox(detail.line)),
    listen(log, "log:replaced", () => actions.forgetBoxes()),
    listen(log, "edit-box:closed", (event) => actions.closeEditBox(event.target)),
    listen(element, "click", (event) => actions.clicked(event)),
    listen(element, "keydown", (event) => event.key === "Escape" && actions.escape(event)),
    listen(log, "keydown", (event) => actions.key(event)),
    listen(document, "keydown", (event) => event.key === "Escape" && actions.dismiss(event)),
    ...actions.toolbar.listen(),
    ...actions.kept.listen(),
  ];
  return () => { ends.forEach((end) => end()); actions.hide(); };
}

class MessageActions {
  #line = null;
  #dismissed = null; // the line over which the pointer brings no buttons, until it was over another
  #fromComposer = new WeakSet(); // those that were opened from the box one writes in

  constructor(element) {
    this.element = element;
    this.room = element.closest('[data-controller="room"]');
    this.log = this.room.querySelector('[data-controller="message-list"]');
    this.words = element.dataset;
    this.toolbar = new Toolbar(element, ".message-actions__button");
    this.kept = new KeptEdits(this.room, this.log, (line, edit) => this.#editAgain(line, edit));
    this.boxes = new Set(this.log.querySelectorAll(".edit-box")); // one leaves a room with them, and comes back
  }

  /** The pointer only passes: it does not take the buttons from one who has the focus on them. */
  hover(line) {
    if (line !== this.#dismissed && !this.element.contains(document.activeElement)) this.show(line);
  }

  /** They may cover what one reads. What else has a use for Escape comes first. */
  dismiss(event) {
    if (event.defaultPrevented || isOfInputMethod(event) || document.querySelector("dialog[open]") || !this.#line) return;
    const line = this.#line;
    this.hide();
    this.#dismissed = line;
  }

  show(line) {
    if (!line || line === this.#line) return;
    this.hide();
    this.#line = line;
    this.#dismissed = null;
    this.update();
    line.append(this.element);
    this.element.hidden = false;
  }

  hide() {
    if (this.element.contains(document.activeElement)) focusLine(this.#line);
    this.#line = null;
    this.element.hidden = true;
    slot(this.element, "said").textContent = "";
  }

  leave() {
    this.#dismissed = null;
    if (this.#line && !this.#line.contains(document.activeElement)) this.hide();
  }

  /** A finger that goes on elsewhere is done with them. */
  touched(target) {
    if (!this.log.contains(target)) this.leave();
  }

  focusLeft(to) {
    if (this.#line && !this.#line.contains(to) && !this.#line.matches(":hover")) this.hide();
  }

  escape(event) {
    event.preventDefault();
    focusLine(this.#line);
    this.element.hidden = true;
    this.#line = null;
  }

  /** Enter goes into the buttons; a letter is one of them. */
  key(event) {
    const line = event.target.closest("[data-slot=messages] > .message");
    if (!line || isHeld(event) || isOfInputMethod(event)) return;
    const name = "byKeys" in this.log.dataset && !event.repeat && nameOf(keyOf(event));
    if (event.key === "Enter" && event.target === line) this.#enter(event, line);
    else if (name && !event.target.closest(".edit-box")) this.#press(event, line, name);
  }

  #enter(event, line) {
    event.preventDefault();
    this.show(line);
    this.toolbar.enter();
  }

  #press(event, line, name) {
    event.preventDefault(); // or the box that opens gets the letter
    this.show(line);
    const button = slot(this.element, name);
    if (button && !button.hidden) button.click();
  }

  /** Which buttons there are for this message and this reader. The server asks again, whatever a page shows. */
  update() {
    if (!this.#line) return;
    const { isAdmin, me } = this.words;
    const box = this.#composerBox;
    const canPost = Boolean(box) && !box.readOnly; // both change while the page is open
    const isMember = Boolean(this.room.dataset.readUrl);
    const isOwn = this.#line.dataset.author === me;
    const isEdited = this.#line.querySelector(".message__edited") !== null;
    this.#offer("react", canPost && !isDeleted(this.#line));
    this.#offer("reply", canPost && !isDeleted(this.#line));
    this.#offer("edit", canPost && isOwn && !isDeleted(this.#line));
    this.#offer("delete", canPost && (isOwn || isAdmin) && !isDeleted(this.#line));
    this.#offer("mark-unread", isMember);
    this.#offer("edits", isEdited);
    slot(this.element, "edits").href = `${linkOf(this.#line).href}/edits`;
    const name = this.#line.querySelector(".message__author").textContent;
    this.element.setAttribute("aria-label", fill(this.words.label, { name }));
    this.toolbar.settle();
  }

  clicked(event) {
    const name = event.target.closest("[data-do]")?.dataset.do;
    const line = this.#line;
    if (name === "react") tell(this.element, "message:react-asked", { line });
    if (name === "reply") tell(this.element, "message:reply-asked", { line });
    if (name === "edit") this.#edit(line);
    if (name === "delete") tell(this.element, "message:delete-asked", { line });
    if (name === "mark-unread") this.#say(ask(this.element, "message:mark-unread", { number: Number(line.dataset.number) }), this.words.marked);
    if (name === "copy-link") this.#say(copyText(linkOf(line).href), this.words.copied);
  }

  /** What was tried elsewhere in the line did not work. */
  refused(line, sentence) {
    this.show(line);
    slot(this.element, "said").textContent = sentence;
  }

  /** Asked for by a key in the box one writes in: the focus goes back there, to what stood in it. (behaviour 6) */
  async editFromBox(line) {
    this.show(line);
    await this.#edit(line);
    const box = line.querySelector(".edit-box");
    if (box) this.#fromComposer.add(box);
  }

  closeEditBox(box) {
    const line = lineOf(box);
    const { activeElement } = document;
    const isLeft = activeElement !== document.body && !box.contains(activeElement); // another tab ended it
    this.boxes.delete(box);
    unmountAll(box);
    box.remove();
    if (isLeft) return;
    if (this.#fromComposer.has(box) && this.#composerBox) this.#composerBox.focus();
    else focusLine(line);
  }

  /** Other lines stand there. An untouched box went with its line; the buttons must not. */
  forgetBoxes() {
    if (!this.element.isConnected) this.#comeHome();
    for (const box of this.boxes) {
      if (box.isConnected) continue;
      unmountAll(box);
      this.boxes.delete(box);
    }
  }

  get #composerBox() {
    return this.room.querySelector('[data-controller="composer"] textarea');
  }

  #comeHome() {
    this.#line = null;
    this.element.hidden = true;
    this.room.append(this.element);
  }

  #offer(name, isOffered) {
    slot(this.element, name).hidden = !isOffered;
  }

  /** The page has no raw text of what the server rendered: it asks for it. */
  async #edit(line) {
    if (returnToEditBox(line)) return;
    const message = getJson(linkOf(line).href);
    await this.#say(message, "");
    const { body, version } = await message.catch(() => ({}));
    // Meanwhile: a second click, a page in place of this one, a deletion.
    if (body === undefined || !line.isConnected || isDeleted(line) || returnToEditBox(line)) return;
    this.element.hidden = true;
    this.#line = null;
    const text = await this.#openEditBox(line, { before: body, version, body });
    text.focus(); // last: a key that comes before the box's controller would be lost
  }

  /** What was begun before the page was there, and not saved: the focus stays where it is. One that was saved after all,
   * though its answer was lost, has nothing more to say. */
  async #editAgain(line, edit) {
    const now = await getJson(linkOf(line).href).catch(() => null);
    if (now?.body === edit.body) this.kept.edits.remove(edit.roomId, edit.messageId);
    else if (line.isConnected && !line.querySelector(".edit-box")) await this.#openEditBox(line, edit);
  }

  /** Resolves to the field in it. */
  async #openEditBox(line, { before, version, body }) {
    const box = copyTemplate(this.room, "edit-box").firstElementChild;
    const { messageId, number } = line.dataset;
    Object.assign(box.dataset, { messageId, number, roomId: this.room.dataset.roomId, version, url: linkOf(line).href });
    const text = box.querySelector("textarea");
    text.defaultValue = before;
    text.value = body;
    text.setSelectionRange(body.length, body.length);
    line.append(box);
    this.boxes.add(box);
    await mountAll(line);
    return text;
  }

  /** Say how it ended, beside the buttons. */
  async #say(doing, words) {
    const said = slot(this.element, "said");
    said.textContent = "";
    try {
      await doing;
      said.textContent = words;
    } catch (error) {
      said.textContent = error.sentence || this.words.failed;
    }
  }
}

function lineOf(target) {
  return target.closest("[data-slot=messages] > .message");
}

function isHeld({ ctrlKey, altKey, metaKey }) {
  return ctrlKey || altKey || metaKey;
}

function nameOf(key) {
  return key.length > 1 || hasSingleKeys() ? KEYS[key] : undefined;
}

/** The key by its Latin letter, also where the keyboard is set to another script. */
function keyOf({ key, code }) {
  return /^[a-z]$/i.test(key) || !code.startsWith("Key") ? key.replace(/^[A-Z]$/, key.toLowerCase()) : code[3].toLowerCase();
}

function linkOf(line) {
  return line.querySelector(".message__link");
}

function isDeleted(line) {
  return line.classList.contains("message--deleted");
}

/** Back to the box that is open in this line already. Returns whether there is one. */
function returnToEditBox(line) {
  const box = line.querySelector(".edit-box textarea");
  box?.focus();
  return box !== null;
}
