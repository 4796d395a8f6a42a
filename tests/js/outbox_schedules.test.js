import assert from "node:assert/strict";
import { test } from "node:test";
import { withLease } from "../../static/js/room/lease.js";
import { withLocks } from "../../static/js/room/one_tab.js";
import { Outbox } from "../../static/js/room/outbox.js";
import { OutboxStore } from "../../static/js/room/outbox_store.js";
import { RequestError } from "../../static/js/room/request_error.js";
import { quiet, seeded, sharedStorage } from "./support.js";

// Whatever happens between a browser's tabs and the server: every text stands there once, in the order typed.

const SCHEDULES = 100;
const STEPS = 60;
const ROOMS = [7, 8];
const TABS = 2;
const ME = 1;
const LATE_MS = 50_000; // the longest that a request is on its way

/** The server as the outbox may take it: it stores, and it answers, or it does not. */
class Server {
  messages = [];

  post({ clientId, roomId, body }) {
    const first = this.messages.find((message) => message.clientId === clientId && message.roomId === roomId);
    if (first) return { ok: true, id: first.id, version: 1, duplicate: true, mismatch: first.posted !== body };
    this.messages.push({ id: this.messages.length + 1, clientId, roomId, body, posted: body });
    return { ok: true, id: this.messages.length, version: 1, duplicate: false, mismatch: false };
  }

  edit(id, body) {
    const message = this.#live(id);
    message.body = body;
    return { version: 1 };
  }

  erase(id) {
    Object.assign(this.#live(id), { body: "", isDeleted: true });
    return { version: 1 };
  }

  find({ clientId }) {
    return this.messages.find((message) => message.clientId === clientId) ?? null;
  }

  texts(roomId) {
    return this.messages.filter((message) => message.roomId === roomId && !message.isDeleted).map((message) => message.body);
  }

  #live(id) {
    const message = this.messages[id - 1];
    if (message.isDeleted) throw new RequestError("message_deleted");
    return message;
  }
}

/** One browser: a storage, its locks, and tabs that live and die. Time passes only when told. */
class World {
  server = new Server();
  requests = []; // on their way: each is answered, or not, when the schedule says so
  waits = [];
  news = []; // of the storage, for the other tabs
  refused = new Set(); // texts that stepped aside
  now = 1000;
  tails = new Map();
  isKind = false; // from then on nothing is lost any more

  constructor(random, kind) {
    this.random = random;
    this.kind = kind;
    this.shared = sharedStorage({ hears: (own, event) => this.news.push({ own, event }) });
    this.tabs = Array.from({ length: TABS }, () => this.open());
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  open() {
    const own = {};
    const storage = this.shared.tab(own);
    const ask = (kind) => (...what) => new Promise((resolve, reject) => {
      if (!own.isDead) this.requests.push({ own, kind, what, resolve, reject, lateAt: this.now + LATE_MS });
    });
    own.outbox = new Outbox({
      store: new OutboxStore(storage, ME),
      wire: { post: ask("post"), edit: ask("edit"), erase: ask("erase"), find: ask("find") },
      exclusively: this.exclusively(own, storage),
      changed: (entry) => { if (entry.state === "failed") this.refused.add(entry.body); },
      delay: (ms) => this.delay(own, ms),
      now: () => this.now,
    });
    own.outbox.start();
    return own;
  }

  exclusively(own, storage) {
    if (this.kind === "lease") {
      this.holders = (this.holders ?? 0) + 1;
      return withLease(storage, "turn:", { holder: `tab ${this.holders}`, now: () => this.now, delay: (ms) => this.delay(own, ms) });
    }
    return withLocks({ request: (name, _, work) => this.lock(own, name, work) }, "turn:");
  }

  /** Like the browser's, which lets go of what a dead tab held. */
  async lock(own, name, work) {
    const before = this.tails.get(name);
    let end;
    this.tails.set(name, new Promise((resolve) => { end = resolve; }));
    own.ends = [...(own.ends ?? []), end];
    await before;
    if (own.isDead) return end();
    await work();
    end();
  }

  delay(own, ms) {
    return new Promise((resolve) => this.waits.push({ own, at: this.now + ms, resolve }));
  }

  /** Kill a tab, now or after so many more writes, and open it again. */
  async reload(index, writes) {
    const own = this.tabs[index];
    own.onWrite = () => { if (writes-- <= 0) own.isDead = true; };
    if (writes > 0) {
      own.outbox.resume();
      await quiet();
    }
    own.isDead = true;
    for (const end of own.ends ?? []) end();
    this.tabs[index] = this.open();
    await quiet();
  }

  async answerOne() {
    const index = Math.floor(this.random() * this.requests.length);
    const [request] = this.requests.splice(index, 1);
    if (!request) return;
    // An edit that comes late, after a newer one, undoes it: nothing here can know of it. A post cannot.
    const fate = this.isKind || request.isLate ? "ok" : this.pickFate(request.kind);
    if (fate === "late") this.requests.push({ ...request, own: { isDead: true }, isLate: true }); // it gets there after all
    const isStored = ["ok", "no ack"].includes(fate) || (fate === "internal_error" && this.random() < 0.5);
    const answer = isStored ? this.ask(request) : null;
    if (!request.own.isDead) this.answer(request, fate, answer);
    await quiet();
  }

  pickFate(kind) {
    const fates = ["ok", "ok", "ok", "lost", "no ack", "late", "slow_down", "signed_out", "internal_error"];
    return this.pick(fates.filter((fate) => fate !== "late" || kind === "post"));
  }

  ask({ kind, what }) {
    try {
      return { ack: this.server[kind](...what) };
    } catch (error) {
      return { error };
    }
  }

  answer({ resolve, reject }, fate, answer) {
    const codes = { lost: "offline", late: "timeout", "no ack": this.pick(["timeout", "offline"]) };
    if (fate !== "ok") reject(new RequestError(codes[fate] ?? fate, "", 1));
    else if (answer.error) reject(answer.error);
    else resolve(answer.ack);
  }

  async tellNews() {
    for (const { own, event } of this.news.splice(0)) {
      for (const tab of this.tabs) {
        const change = tab !== own && tab.outbox.store.changeIn(event);
        if (change) tab.outbox.noticed(change);
      }
    }
    await quiet();
  }

  async pass(ms) {
    this.now += ms;
    const late = this.requests.filter((request) => request.lateAt <= this.now);
    this.requests = this.requests.filter((request) => request.lateAt > this.now);
    for (const request of late) {
      this.ask(request);
      if (!request.own.isDead) request.reject(new RequestError("timeout"));
    }
    const due = this.waits.filter((wait) => wait.at <= this.now);
    this.waits = this.waits.filter((wait) => wait.at > this.now);
    for (const wait of due) if (!wait.own.isDead) wait.resolve();
    await quiet();
  }

  /** Everything works from here on: all that waits goes out. */
  async calm() {
    this.isKind = true;
    for (let round = 0; round < 200; round += 1) {
      for (const { outbox } of this.tabs) for (const entry of outbox.store.unsent()) if (entry.state === "failed") outbox.retry(entry.clientId);
      while (this.requests.length) await this.answerOne();
      await this.tellNews();
      await this.pass(5000);
      if (this.tabs[0].outbox.store.entries().length === 0 && this.requests.length === 0) return;
      if (round % 10 === 9) for (const { outbox } of this.tabs) outbox.resume();
    }
    assert.fail(`it never came to rest: ${JSON.stringify(this.tabs[0].outbox.store.entries())}`);
  }
}

async function run(seed, kind, { mayChange }) {
  const world = new World(seeded(seed), kind);
  const typed = [];
  const steps = {
    type: () => {
      const roomId = world.pick(ROOMS);
      typed.push(world.pick(world.tabs).outbox.post(roomId, `${typed.length}`));
    },
    answer: () => world.answerOne(),
    news: () => world.tellNews(),
    time: () => world.pass(world.pick([50, 500, 3000, 20_000])),
    reload: () => world.reload(Math.floor(world.random() * TABS), Math.floor(world.random() * 4)),
    stream: () => {
      const message = world.pick(world.server.messages);
      if (message) world.pick(world.tabs).outbox.settle(message.clientId);
    },
    back: () => world.pick(world.tabs).outbox.resume(),
    ...(mayChange ? { change: () => change(world, typed), discard: () => discard(world, typed) } : {}),
  };
  const names = ["type", "type", "answer", "answer", "answer", ...Object.keys(steps)];
  for (let step = 0; step < STEPS; step += 1) {
    await steps[world.pick(names)]();
    if (world.random() < 0.7) await quiet();
  }
  await world.calm();
  return { world, typed };
}

function unsentOf(world, typed) {
  const { outbox } = world.pick(world.tabs);
  const entry = world.pick(outbox.store.unsent());
  return { outbox, entry, line: typed.find((one) => one.clientId === entry?.clientId) };
}

/** Take one back and send it with another text. */
function change(world, typed) {
  const { outbox, entry, line } = unsentOf(world, typed);
  if (!line) return;
  outbox.hold(entry.clientId);
  line.body = entry.body.endsWith("+") ? entry.body.slice(0, -1) : `${entry.body}+`; // and back again
  line.isChanged = true;
  outbox.post(entry.roomId, line.body, { clientId: entry.clientId });
}

function discard(world, typed) {
  const { outbox, entry, line } = unsentOf(world, typed);
  if (!line) return;
  outbox.discard(entry.clientId);
  line.isDiscarded = true;
}

for (const kind of ["locks", "lease"]) {
  test(`with ${kind}: whatever is lost, late or reloaded, every text is there once, in the order typed`, async () => {
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const { world, typed } = await run(seed, kind, { mayChange: false });
      for (const roomId of ROOMS) {
        const expected = typed.filter((line) => line.roomId === roomId).map((line) => line.body);
        const said = world.server.texts(roomId);
        assert.deepEqual([...said].sort(), [...expected].sort(), `seed ${seed}`);
        const order = (texts) => texts.filter((text) => !world.refused.has(text));
        assert.deepEqual(order(said), order(expected), `seed ${seed}`);
      }
    }
  });

  test(`with ${kind}: what was changed is there with its last text, once, and what was let go is not`, async () => {
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const { world, typed } = await run(seed, kind, { mayChange: true });
      for (const roomId of ROOMS) {
        const expected = typed.filter((line) => line.roomId === roomId && !line.isDiscarded).map((line) => line.body);
        assert.deepEqual(world.server.texts(roomId).sort(), expected.sort(), `seed ${seed}`);
      }
    }
  });
}
