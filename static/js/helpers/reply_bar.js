import { listen, slot } from "./dom.js";
import { findQuote, quoteOfLine, quoteOfMessage } from "./quotes.js";

/**
 * What the text in the box answers: a bar above it that says whom and what, with a way out. The form's own field holds the
 * number, and nothing keeps the words: they are read from the message, which may change or go. `changed()` hears of what
 * the writer chose.
 */
export class ReplyBar {
  constructor(form, { changed }) {
    Object.assign(this, { form, changed, field: form.elements.reply_to, bar: slot(form, "reply") });
    this.room = form.closest('[data-controller="room"]');
    this.log = this.room.querySelector('[data-controller="message-list"]');
  }

  /** The number of the message that is answered, or null. */
  get number() {
    return Number(this.field.value) || null;
  }

  /** What ends it stands in the list. */
  listen() {
    return [
      listen(this.room, "message:reply-asked", (event) => this.#choose(event.detail.line)),
      listen(this.room, "message:arrived", (event) => this.#arrived(event.detail.message)),
      listen(slot(this.form, "reply-cancel"), "click", (event) => { event.preventDefault(); this.cancel(); }),
    ];
  }

  /** Answer this one, or none: as it was kept. */
  async restore(number) {
    if (number === this.number) return;
    this.field.value = number ?? "";
    this.#show(null);
    if (number === null) return;
    const quote = await findQuote(this.log, number).catch(() => null);
    if (this.number === number) this.#show(quote);
  }

  cancel() {
    this.restore(null);
    this.#chosen();
  }

  #choose(line) {
    if (this.form.querySelector("textarea").readOnly) return;
    const quote = quoteOfLine(line);
    this.field.value = quote.number;
    this.#show(quote);
    this.#chosen();
  }

  #chosen() {
    this.changed();
    this.form.querySelector("textarea").focus();
  }

  #arrived(message) {
    if (message.number === this.number) this.#show(quoteOfMessage(message));
  }

  #show(quote) {
    this.bar.hidden = this.number === null;
    slot(this.form, "reply-author").textContent = quote?.author.name ?? "";
    slot(this.form, "reply-text").textContent = quote?.isDeleted ? this.form.dataset.deleted : quote?.excerpt ?? "";
  }
}
