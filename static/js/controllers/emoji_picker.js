import { listen } from "../helpers/dom.js";

/**
 * The dialog in which one chooses an emoji. Hears `emoji:asked {title, near, choose, closed, failed}`; what then happens
 * in it comes with the first of these (helpers/emoji_dialog.js): most visits need none of it. Where that does not come,
 * `failed` is given the sentence for it.
 */
export function mount(dialog) {
  let loading = null;
  let isMounted = true;
  const ends = [listen(dialog.closest('[data-controller="room"]'), "emoji:asked", (event) => open(event.detail))];
  return () => { isMounted = false; ends.forEach((end) => end()); };

  async function open(asked) {
    try {
      loading ??= load();
      const picker = await loading;
      if (isMounted && !dialog.open) picker.open(asked);
    } catch {
      loading = null; // without a connection: the next click asks again
      asked.closed();
      asked.failed(dialog.dataset.failed);
    }
  }

  async function load() {
    const { EmojiDialog } = await import("../helpers/emoji_dialog.js");
    const picker = new EmojiDialog(dialog);
    if (isMounted) ends.push(picker.listen());
    return picker;
  }
}
