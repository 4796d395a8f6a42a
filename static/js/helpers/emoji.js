import { me } from "../page.js";
import { EmojiNames, plain } from "../room/emoji_names.js";
import { RecentEmoji } from "../room/recent_emoji.js";
import { getJson } from "./http.js";
import { keptStorage } from "./kept_storage.js";

const USUAL = ["👍", "❤️", "😄", "🎉", "🙏", "👀", "✅", "😢"]; // as templates/messages/_emoji_picker.html has them

let names = null; // a promise of them: one for the page, asked for when somebody first wants an emoji

/** The names of all emoji, from `url`. Rejects like getJson, and asks again the next time. */
export function emojiNames(url) {
  names ??= getJson(url).then((rows) => new EmojiNames(rows));
  names.catch(() => { names = null; });
  return names;
}

/** Those that this person chose last, and then the usual ones: each once. */
export function recentEmoji() {
  return [...new Set([...recent().all, ...USUAL])];
}

/** This one was chosen. */
export function rememberEmoji(emoji) {
  recent().choose(plain(emoji));
}

function recent() {
  return new RecentEmoji(keptStorage(), me());
}
