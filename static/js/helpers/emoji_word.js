import { listen } from "./dom.js";

/** A colon in the box may begin the name of an emoji: what it may mean (helpers/emoji_completion.js) is loaded with the
 * first one, as it is in the dialog. */
export class EmojiWord {
  #completion = null;
  #typed = null; // what was typed last while it was on its way
  #ends = [];

  constructor(form, box, options) {
    Object.assign(this, { form, box, options });
  }

  /** What ends it stands in the list. */
  listen() {
    this.#ends = [listen(this.box, "input", (event) => this.#meet(event)), listen(this.box, "click", (event) => this.#meet(event))];
    return [() => { this.#ends.forEach((end) => end()); this.#ends = null; }];
  }

  /** Take a key that is meant for the list of what it may mean. Returns whether it was. */
  key(event) {
    return this.#completion?.key(event) ?? false;
  }

  async #meet({ data }) {
    this.#typed = data;
    if (this.#completion || !this.box.value.includes(":")) return;
    const { EmojiCompletion } = await import("./emoji_completion.js").catch(() => ({})); // the next letter asks again
    if (this.#completion || !EmojiCompletion || !this.#ends) return;
    this.#completion = new EmojiCompletion(this.form, this.box, this.options);
    this.#ends.push(...this.#completion.listen());
    this.#completion.typed(this.#typed);
  }
}
