// A server with one room, a network that crosses, loses and repeats, and a page: what the property test runs.

import { LogWindow } from "../../static/js/room/log_window.js";
import { RoomStream } from "../../static/js/room/room_stream.js";
import { RequestError } from "../../static/js/room/request_error.js";

/** A room in a database: versions and numbers without holes, answers like ours. */
export class ModelServer {
  epoch = "e1";
  version = 0;
  messages = []; // by number
  changes = []; // what happened at each version: a message, or null for members and names

  post() {
    const message = { id: 1000 + this.messages.length, number: this.messages.length + 1 };
    this.messages.push(message);
    return this.#change(message, "message:posted");
  }

  edit(message) {
    return this.#change(message, "message:edited");
  }

  delete(message) {
    message.deleted = true;
    return this.#change(message, "message:deleted");
  }

  /** Somebody comes or goes: a version that no message stands for. */
  move() {
    this.version += 1;
    this.changes.push(null);
    return { event: "member:joined", version: this.version, prev: this.version - 1 };
  }

  /** The database as it was at an earlier version, under a new epoch. */
  restore(count) {
    const posts = this.changes.slice(0, count).filter((change) => change?.event === "message:posted");
    this.messages = posts.map(({ id, number, version }) => ({ id, number, version, event: "message:posted" }));
    this.changes = this.changes.slice(0, count);
    this.version = count;
    this.epoch = `${this.epoch}+`;
  }

  /**
   * `between` runs where other writers may: the head is read first, then the rows. What is written meanwhile waits for
   * the next question: with it, the version of a move that came just before would be passed over.
   */
  changesSince(since, limit, between = () => {}) {
    if (since > this.version) throw new RequestError("cursor_ahead");
    const head = this.version;
    between();
    const changed = this.messages.filter(({ version }) => version > since && version <= head).sort(byVersion);
    const items = chain(changed.slice(0, limit), since);
    const more = changed.length > limit;
    return { items, more, head, up_to: more ? items.at(-1).version : head, epoch: this.epoch };
  }

  page({ before = Infinity, after = null, limit }) {
    const at = after === null ? this.messages.filter(({ number }) => number < before) : this.messages.slice(after);
    const items = (after === null ? at.slice(-limit) : at.slice(0, limit)).map((message) => ({ ...message }));
    return { items, more: at.length > items.length };
  }

  /** What a worker that fell behind tells: each message once, in a chain. */
  fill(since) {
    return chain(this.messages.filter((message) => message.version > since).sort(byVersion), since);
  }

  #change(message, event) {
    this.version += 1;
    Object.assign(message, { version: this.version, event: message.deleted ? "message:deleted" : event });
    this.changes.push({ ...message });
    return { ...message, prev: this.version - 1 };
  }
}

function byVersion(one, other) {
  return one.version - other.version;
}

function chain(messages, since) {
  return messages.map((message, index) => ({ ...message, prev: index ? messages[index - 1].version : since }));
}

/** The lines of a page, as `LogWindow` wants a log. */
export class ModelLog {
  lines = [];
  end = true;

  first() { return this.lines[0]?.number ?? 0; }
  last() { return this.lines.at(-1)?.number ?? 0; }
  count() { return this.lines.length; }
  isAtEnd() { return this.end; }
  isHeld() { return this.held ?? false; }
  versionOf(id) { return this.lines.find((line) => line.id === id)?.version ?? null; }
  add(message) { this.lines = [...this.lines, message].sort((one, other) => one.number - other.number); }
  change(message) {
    if (this.versionOf(message.id) >= message.version) throw new Error("a line goes back in time");
    this.lines = this.lines.map((line) => (line.id === message.id ? message : line));
  }
  prepend(messages) { this.lines = [...messages, ...this.lines]; }
  requote() {}
  append(messages) { this.lines = [...this.lines, ...messages]; }
  replaceAll(messages) { this.lines = messages; }
  dropFirst(count) { return this.#drop(this.lines, count); }
  dropLast(count) { return this.#drop([...this.lines].reverse(), count); }

  /** Up to a line in use, `kept` by its number. */
  #drop(lines, count) {
    const kept = lines.findIndex(({ number }) => number === this.kept);
    const gone = new Set(lines.slice(0, kept < 0 ? count : Math.min(count, kept)));
    this.lines = this.lines.filter((line) => !gone.has(line));
    return gone.size > 0;
  }
}

/** A page of the room: the real stream and the real window between a log and a network of the test's own. */
export class ModelPage {
  applied = []; // versions
  newest = new Map(); // message id -> as it was last applied
  reloads = 0;

  constructor(server, { net, delay, farChanges }) {
    const { items, more } = server.page({ limit: 5 });
    this.log = new ModelLog();
    this.log.replaceAll(items);
    this.window = new LogWindow({ log: this.log, fetchPage: net.fetchPage, hasOlder: more, hasNewer: false });
    this.stream = new RoomStream({
      cursor: server.version, epoch: server.epoch, delay, farChanges,
      apply: (name, message) => this.#apply(name, message),
      fetchChanges: net.fetchChanges,
      renew: () => this.window.renew(),
      reload: () => { this.reloads += 1; },
    });
  }

  #apply(name, message) {
    this.applied.push(message.version);
    if (!message.id) return;
    this.newest.set(message.id, message);
    this.window.arrived(message);
  }
}
