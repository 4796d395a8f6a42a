import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../../static/js/room/request_error.js";
import { ModelPage, ModelServer } from "./model.js";
import { quiet, seeded, standingClock } from "./support.js";

const RUNS = 250;
const STEPS = 120;
const FAR = 12; // stands for the thousand changes after which a page is read anew; in every other run nothing is far

test("any crossing, loss, repeat, page, failure, reconnect and long gap ends in the database's list", async () => {
  for (let seed = 1; seed <= RUNS; seed += 1) await new Run(seed).toTheEnd();
});

test("a restored database makes the page load once, and nothing of another time is applied", async () => {
  for (let seed = 1; seed <= RUNS; seed += 1) await new Run(seed).throughARestore();
});

test("the model's changes end at the head that was read first, as the server's do", () => {
  const server = new ModelServer();
  const [first] = [server.post(), server.post()];
  const page = server.changesSince(0, 3, () => { server.move(); server.edit(server.messages[0]); });
  assert.deepEqual(page.items.map(({ number }) => number), [2]); // the first is at version 4 by now: it waits
  assert.deepEqual([page.up_to, page.head, page.more], [2, 2, false]);
  const next = server.changesSince(page.up_to, 3);
  assert.deepEqual(next.items.map(({ number, version, prev }) => [number, version, prev]), [[first.number, 4, 2]]);
  assert.equal(next.up_to, 4);
});

/** One schedule, the same on every run with its seed. Answers wait in `answers` until the schedule lets them arrive. */
class Run {
  events = [];
  answers = [];

  constructor(seed) {
    this.seed = seed;
    this.random = seeded(seed * 7919);
    this.clock = standingClock();
    this.server = new ModelServer();
    for (let count = this.#upTo(30); count > 0; count -= 1) this.#write();
    this.events = [];
    this.told = this.server.version;
    const net = {
      fetchChanges: (since) => this.#ask(() => this.server.changesSince(since, 3, () => this.#maybe(0.2, () => this.#write()))),
      fetchPage: (query) => this.#ask(() => this.server.page({ ...query, limit: Math.min(query.limit, 5) })),
    };
    this.page = new ModelPage(this.server, { net, delay: this.clock.delay, farChanges: seed % 2 ? FAR : Infinity });
  }

  async toTheEnd() {
    for (let step = 0; step < STEPS; step += 1) await this.#step();
    await this.#settle();
    this.#assertShownIsTrue();
    while (this.page.window.hasOlder) await this.#load(() => this.page.window.loadOlder());
    while (this.page.window.hasNewer) await this.#load(() => this.page.window.loadNewer());
    this.#assertShownIsTrue();
    assert.equal(this.page.log.lines.length, this.server.messages.length, `seed ${this.seed}: paging brings all`);
  }

  async throughARestore() {
    for (let step = 0; step < STEPS / 4; step += 1) await this.#step();
    await this.#settle();
    const applied = this.page.applied.length;
    this.events = [];
    this.server.restore(this.#upTo(this.server.version));
    // Forgot the operator to begin a new epoch, only a server that knows less than we do tells.
    this.#maybe(0.3, () => { this.server.epoch = this.page.stream.epoch; });
    if (this.server.epoch !== this.page.stream.epoch) this.#maybe(0.5, () => { this.#write(); this.#write(); });
    this.told = this.server.version;
    this.#reconnect();
    await this.#idle(20);
    for (const event of this.events) this.page.stream.receive(event.event, event);
    await this.#idle(20);
    assert.equal(this.page.reloads, 1, `seed ${this.seed}`);
    assert.equal(this.page.applied.length, applied, `seed ${this.seed}: nothing of the other time`);
  }

  async #step() {
    const dice = this.random();
    if (dice < 0.22) this.#write();
    else if (dice < 0.24) for (let count = this.#upTo(25); count > 0; count -= 1) this.#write();
    else if (dice < 0.65) for (let count = this.#upTo(4); count > 0; count -= 1) this.#deliver();
    else if (dice < 0.68) this.page.stream.opening();
    else if (dice < 0.73) this.#reconnect();
    else if (dice < 0.79) this.#turnPage();
    else if (dice < 0.81) this.page.stream.look();
    else if (dice < 0.83) this.page.stream.expect(this.server.version);
    else if (dice < 0.93) await this.#answer();
    else await this.clock.tick();
    await quiet();
    this.#assertAppliedIsShown();
  }

  #write() {
    const { messages } = this.server;
    const old = messages[Math.floor(this.random() * messages.length)];
    const dice = this.random();
    if (dice < 0.6 || !old) this.#tell(this.server.post());
    else if (dice < 0.9) this.#tell(old.deleted ? this.server.move() : this.server.edit(old));
    else if (dice < 0.95) this.#tell(this.server.delete(old));
    else this.#tell(this.server.move());
  }

  /** Most changes go out one by one; some are lost, and some come later as a fill of the worker's. */
  #tell(event) {
    const dice = this.random();
    if (dice < 0.75) this.events.push(event);
    else if (dice < 0.85) this.events.push(...this.server.fill(this.told));
    this.told = this.server.version;
  }

  #deliver() {
    if (this.events.length === 0) return;
    const isOrdered = this.random() < 0.6;
    const [event] = this.events.splice(isOrdered ? 0 : Math.floor(this.random() * this.events.length), 1);
    this.page.stream.receive(event.event, event);
    this.#maybe(0.15, () => this.events.push(event));
  }

  /** The room is opened: the answer is read now, and events may overtake it. */
  #reconnect() {
    const { stream } = this.page;
    if (this.random() < 0.7) stream.opening(); // else a look at an open socket, which holds nothing
    const { cursor, epoch } = stream;
    const isSame = epoch === this.server.epoch;
    this.#ask(() => ({
      version: this.server.version, epoch: this.server.epoch, ...(isSame && this.server.changesSince(cursor, 3)),
    })).then((answer) => stream.opened(answer), (error) => stream.refused(error));
  }

  #turnPage() {
    const { window, log } = this.page;
    log.end = this.random() < 0.5;
    const turn = [() => window.loadOlder(), () => window.showNewest(), () => window.loadNewer()][Math.floor(this.random() * 3)];
    if (log.lines.length > 0 && (window.hasNewer || turn !== window.loadNewer)) turn().catch(() => {});
  }

  /** A request: read from the database when it gets there, answered later, or never. */
  #ask(read) {
    return new Promise((resolve, reject) => {
      this.answers.push({ read, resolve, reject, answer: null });
    });
  }

  async #answer() {
    const one = this.answers[Math.floor(this.random() * this.answers.length)];
    if (!one) return;
    if (!one.answer && this.random() < 0.5) return this.#read(one); // it is there; its answer is on the way
    this.#read(one);
    this.answers.splice(this.answers.indexOf(one), 1);
    if (this.random() < 0.2) one.reject(new RequestError(this.random() < 0.5 ? "offline" : "timeout"));
    else if (one.answer instanceof Error) one.reject(one.answer);
    else one.resolve(one.answer);
    await quiet();
  }

  #read(one) {
    try {
      one.answer ??= one.read();
    } catch (error) {
      one.answer = error;
    }
  }

  async #settle() {
    this.random = () => 0.99; // from here on nothing is lost
    this.#reconnect();
    this.page.stream.opening();
    await this.#idle(60);
  }

  async #idle(rounds) {
    for (let round = 0; round < rounds; round += 1) {
      while (this.answers.length > 0) {
        const one = this.answers.shift();
        this.#read(one);
        if (one.answer instanceof Error) one.reject(one.answer);
        else one.resolve(one.answer);
        await quiet();
      }
      await this.clock.tick();
    }
  }

  async #load(turn) {
    const loaded = turn();
    await this.#idle(2);
    await loaded;
  }

  #upTo(count) {
    return Math.floor(this.random() * count);
  }

  #maybe(chance, action) {
    if (this.random() < chance) action();
  }

  /** At any moment, whatever is still missing: what was applied stands in the log, and nothing older in its place. */
  #assertAppliedIsShown() {
    const { log, window, newest } = this.page;
    const from = window.hasOlder ? log.first() : 0;
    const to = window.hasNewer ? log.last() : Infinity;
    const lacking = [...newest.values()].filter(({ id, number, version }) => (
      number >= from && number <= to && !(log.versionOf(id) >= version)
    ));
    assert.deepEqual(lacking, [], `seed ${this.seed}: what was applied is shown`);
  }

  #assertShownIsTrue() {
    const { log, window, stream, applied } = this.page;
    const seed = `seed ${this.seed}`;
    const stretch = this.server.messages.filter(({ number }) => number >= log.first() && number <= log.last());
    const state = ({ number, version, deleted = false }) => ({ number, version, deleted });
    assert.deepEqual(log.lines.map(state), stretch.map(state), `${seed}: what stands there, without a hole, is the newest state`);
    if (!window.hasNewer) assert.equal(log.last(), this.server.messages.length, `${seed}: it reaches the end`);
    if (!window.hasOlder) assert.ok(log.first() <= 1, `${seed}: it reaches the start`);
    assert.equal(stream.cursor, this.server.version, `${seed}: nothing is missing`);
    assert.deepEqual(applied, [...new Set(applied)].sort((one, other) => one - other), `${seed}: in order, nothing twice`);
  }
}
