import { newClientId } from "./client_id.js";
import { delay as wait } from "./delay.js";
import { RequestError } from "./request_error.js";

const AT_ONCE = 2; // more would not be faster, and the page needs connections of its own
const PART_BYTES = 4 * 2 ** 20; // a router waits 30 s: enough for 1.2 Mbit/s
const LEAST_PART_BYTES = 256 * 2 ** 10; // and this for 70 kbit/s
const TRIES = 5; // in a row without a step forward, before its sender decides: the last has a part of the smallest size
const PAUSE_MS = 1000; // before the second; doubled each time
// Says nothing against the file itself: what has come of it is asked for, and it goes on from there.
const PASSING = new Set([
  "offline", "timeout", "unavailable", "slow_down", "storage_unavailable", "upload_offset_wrong", "upload_length_wrong",
]);
// Perhaps because the line is too slow for a part of that size.
const CUT_OFF = new Set(["offline", "timeout", "unavailable", "upload_length_wrong"]);
const ENDINGS = { jpeg: "jpg", plain: "txt" }; // other types end as their names do
const LOOK_MS = 5000; // between two questions whether a file was scanned by now
const UNTIL_BACK = new Set(["offline", "timeout", "signed_out"]);

/**
 * The files of one message that is being written. Each is brought to the server from the moment it was added, a few at
 * once, and in parts where it is large; `uploads` has what the server says of them in the order they were added. Owns
 * no element: `wire` puts, finds, stops and removes, or rejects with a RequestError; `changed(item)` hears of every new state
 * of one: waiting, running, done, failed, gone.
 */
export class Uploads {
  #items = [];

  constructor({ wire, limits, changed, newId = newClientId, delay = wait }) {
    Object.assign(this, { wire, limits, changed, newId, delay });
  }

  get items() {
    return [...this.#items];
  }

  get isEmpty() {
    return this.#items.length === 0;
  }

  /** Whether some are still on their way. */
  get isRunning() {
    return this.#items.some((item) => item.state === "waiting" || item.state === "running");
  }

  get hasFailed() {
    return this.#items.some((item) => item.state === "failed");
  }

  /** What the server says of those that are there, and what their sender says that they show. */
  get uploads() {
    return this.#items.filter((item) => item.upload).map(({ upload, alt }) => ({ ...upload, alt }));
  }

  /**
   * Take these files in, if all together have no more than `space` bytes. Returns those that are refused, with the
   * reason: `too-large`, `too-many` or `no-space`.
   */
  add(files, space = Infinity) {
    const refused = [];
    for (const file of files) {
      const reason = this.#reasonAgainst(file, space);
      if (reason) refused.push({ file, reason });
      else this.#stage({ file, name: file.name, size: file.size, state: "waiting" });
    }
    this.#next();
    return refused;
  }

  /** Take in what the server has already: a message was taken back. */
  restore(uploads) {
    for (const upload of uploads) {
      const { name, size, alt } = upload;
      this.#stage({ name, size, state: "done", sent: size, upload, alt: alt ?? "" });
    }
  }

  /** Those of them that came from this page, for `revive` on the next one. */
  get kept() {
    return this.#items.filter((item) => item.state === "done" && item.isTried).map(({ id, alt }) => ({ id, alt }));
  }

  /** Take in what was `kept`, as far as the server has it and it is in no message. Resolves to how many are gone. */
  async revive(kept) {
    const found = await Promise.all(kept.map((each) => this.wire.find(each).catch(() => null)));
    const there = kept.map(({ id, alt }, index) => ({ id, alt: alt ?? "", ...found[index] }));
    for (const { id, alt, upload, is_sent: isSent, is_unscanned: isUnscanned } of there) {
      if (!upload || isSent) continue;
      const { name, size } = upload;
      const item = this.#stage({ id, alt, name, size, state: "done", sent: size, upload, isUnscanned, isTried: true });
      if (isUnscanned) this.#watch(item).catch(() => {});
    }
    return there.filter(({ upload }) => !upload).length;
  }

  /** Say what one shows. */
  describe(id, alt) {
    const item = this.#find(id);
    if (item) item.alt = alt;
  }

  /** Bring one again, now, if this page has its bytes. */
  retry(id) {
    const item = this.#find(id);
    if (!item || !isRetriable(item)) return;
    this.#set(item, { state: "waiting", reason: "", code: "" });
    this.#next();
  }

  /** The connection or the sign-in is back. */
  resume() {
    for (const { id, code } of this.items) if (UNTIL_BACK.has(code)) this.retry(id);
  }

  /** Let one go, whatever has come of it. */
  remove(id) {
    const item = this.#find(id);
    if (!item) return;
    this.#drop(item);
    // Should it not get through, the server removes by itself what nobody sent within a day.
    if (item.upload) this.wire.remove(item.upload.id).catch(() => {});
    else if (item.isTried) this.wire.stop(item).catch(() => {}); // else all of it counts as space that is taken
    this.#next();
  }

  /** They belong to a message now. */
  clear() {
    for (const item of this.items) this.#drop(item);
  }

  #reasonAgainst({ size }, space) {
    if (size > this.limits.maxBytes) return "too-large";
    if (this.#items.length >= this.limits.maxCount) return "too-many";
    return size > space - this.#waitingBytes() ? "no-space" : null;
  }

  /** The server does not know of those yet, whoever else may send meanwhile. */
  #waitingBytes() {
    return this.#items.filter((item) => item.state === "waiting").reduce((sum, item) => sum + item.size, 0);
  }

  #stage(item) {
    const staged = { sent: 0, alt: "", reason: "", code: "", upload: null, isUnscanned: false, isTried: false, partBytes: PART_BYTES, offset: 0, stop: new AbortController(), id: this.newId(), ...item };
    this.#items.push(staged);
    this.changed(staged);
    return staged;
  }

  #drop(item) {
    this.#items = this.#items.filter((one) => one !== item);
    item.stop.abort();
    this.#set(item, { state: "gone" });
  }

  #next() {
    const running = this.#items.filter((item) => item.state === "running").length;
    const waiting = this.#items.filter((item) => item.state === "waiting");
    for (const item of waiting.slice(0, Math.max(0, AT_ONCE - running))) this.#run(item);
  }

  async #run(item) {
    this.#set(item, { state: "running" });
    try {
      const { upload, is_unscanned: isUnscanned = false } = await this.#bring(item);
      if (item.state === "running") this.#set(item, { state: "done", sent: item.size, upload, isUnscanned });
      if (isUnscanned) this.#watch(item).catch(() => {});
    } catch (error) {
      if (item.state === "running") this.#set(item, { state: "failed", reason: error.sentence ?? "", code: error.code ?? "" });
    }
    this.#next();
  }

  /** The scanner was away when it came: it may still be refused, until it was scanned or sent. */
  async #watch(item) {
    while (item.state === "done" && item.isUnscanned) {
      await this.delay(LOOK_MS);
      if (item.state !== "done") return;
      const found = await this.wire.find(item).catch((error) => this.#unless(item, error));
      const { is_unscanned: isUnscanned } = found ?? this.#unless(item, { code: "upload_not_found" });
      if (item.state === "done") this.#set(item, { isUnscanned: Boolean(isUnscanned) });
    }
  }

  /** It failed after all, unless nobody could say, or it was removed meanwhile. */
  #unless(item, { code, sentence }) {
    if (item.state === "done" && !UNTIL_BACK.has(code) && !PASSING.has(code)) this.#set(item, { state: "failed", upload: null, isUnscanned: false, reason: sentence ?? "", code });
    return { is_unscanned: true };
  }

  async #bring(item) {
    for (let tries = 1; ; tries += 1) {
      const { offset } = item;
      try {
        return await this.#send(item);
      } catch (error) {
        if (item.offset > offset) tries = 1;
        if (!PASSING.has(error.code) || tries === TRIES || item.state !== "running") throw error;
        if (CUT_OFF.has(error.code)) item.partBytes = Math.max(LEAST_PART_BYTES, item.partBytes / 2);
        await this.delay(error.retryAfter * 1000 || PAUSE_MS * 2 ** (tries - 1));
      }
    }
  }

  /** All that is missing of it. Resolves to what the server says of the whole. */
  async #send(item) {
    let answer = await this.#begun(item);
    while (!answer.upload) {
      if (item.state !== "running") throw new RequestError("offline"); // removed meanwhile
      item.offset = answer.offset;
      answer = await this.#put(item, item.offset, Math.min(item.size, item.offset + item.partBytes));
    }
    return answer;
  }

  /** Where to begin. A large one is announced without a byte: a refusal then comes before the first. */
  async #begun(item) {
    const found = item.isTried ? await this.wire.find(item) : null;
    item.isTried = true;
    if (found) return found;
    return item.size > item.partBytes ? this.#put(item, 0, 0) : { offset: 0, upload: null };
  }

  #put(item, start, end) {
    const progress = (bytes) => this.#set(item, { sent: start + bytes });
    return this.wire.put(item, start, end, { progress, signal: item.stop.signal });
  }

  #set(item, what) {
    this.changed(Object.assign(item, what));
  }

  #find(id) {
    return this.#items.find((item) => item.id === id);
  }
}

/** Of what came before a reload, or with a message taken back, only the server had the bytes: it can but be removed. */
export function isRetriable({ state, file }) {
  return state === "failed" && Boolean(file);
}

/** What is called by the minute in which it was pasted: a picture or a text from the clipboard has no name of its own. */
export function pastedName(now, type) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const kind = type.replace(/^.*\/|[+;].*$/g, "");
  return `pasted-${day}-${two(now.getHours())}${two(now.getMinutes())}.${ENDINGS[kind] ?? kind}`;
}
