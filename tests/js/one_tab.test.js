import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { withLease } from "../../static/js/room/lease.js";
import { withLocks } from "../../static/js/room/one_tab.js";
import { fakeLocks, quiet, sharedStorage } from "./support.js";

/** Two tabs with a lease in one storage, and a clock that moves when told. */
function twoTabs() {
  const shared = sharedStorage();
  const clock = { now: 0, waits: [] };
  const delay = (ms) => new Promise((resolve) => clock.waits.push({ at: clock.now + ms, resolve }));
  const tab = (holder, own) => withLease(shared.tab(own), "turn:", { holder, now: () => clock.now, delay });
  return { shared, clock, tab, wait: (ms) => pass(clock, ms) };
}

async function pass(clock, ms) {
  const until = clock.now + ms;
  for (;;) {
    await quiet();
    const due = clock.waits.filter((wait) => wait.at <= until).sort((one, other) => one.at - other.at)[0];
    if (!due) break;
    clock.waits = clock.waits.filter((wait) => wait !== due);
    clock.now = due.at;
    due.resolve();
  }
  clock.now = until;
}

/** Work that lasts until told. */
function openWork(log, name) {
  const open = { work: () => { log.push(name); return ended; } };
  const ended = new Promise((resolve) => { open.end = resolve; });
  return open;
}

for (const [kind, tabs] of [
  ["locks", () => { const locks = fakeLocks(); return { wait: quiet, tab: () => withLocks(locks, "turn:") }; }],
  ["a lease", twoTabs],
]) {
  test(`with ${kind}, one tab works at a time, and the next goes on when it has ended`, async () => {
    const { tab, wait } = tabs();
    const log = [];
    const [first, second] = [openWork(log, "first"), openWork(log, "second")];
    tab("a", {})("7", first.work);
    await wait(100);
    tab("b", {})("7", second.work);
    await wait(4000);
    assert.deepEqual(log, ["first"]);
    first.end();
    await wait(600);
    assert.deepEqual(log, ["first", "second"]);
  });

  test(`with ${kind}, rooms do not wait for each other`, async () => {
    const { tab, wait } = tabs();
    const log = [];
    tab("a", {})("7", openWork(log, "first").work);
    tab("b", {})("8", openWork(log, "second").work);
    await wait(100);
    assert.deepEqual(log, ["first", "second"]);
  });
}

test("a lease of a tab that crashed is taken over when it has run out", async () => {
  const { tab, wait } = twoTabs();
  const log = [];
  const dying = {};
  tab("a", dying)("7", openWork(log, "first").work);
  await wait(100);
  dying.isDead = true; // it renews nothing any more
  tab("b", {})("7", openWork(log, "second").work);
  await wait(4000);
  assert.deepEqual(log, ["first"]);
  await wait(3000);
  assert.deepEqual(log, ["first", "second"]);
});

test("a tab that lives keeps its lease for as long as it works", async () => {
  const { tab, wait } = twoTabs();
  const log = [];
  tab("a", {})("7", openWork(log, "first").work);
  tab("b", {})("7", openWork(log, "second").work);
  await wait(60_000);
  assert.deepEqual(log, ["first"]);
});

test("of two tabs that ask in the same moment one gets it", async () => {
  const { shared, tab, wait } = twoTabs();
  const log = [];
  // As if each had looked before the other wrote.
  const late = { onWrite: () => { late.onWrite = null; shared.items.delete("turn:7"); } };
  tab("a", {})("7", openWork(log, "first").work);
  shared.items.delete("turn:7");
  tab("b", late)("7", openWork(log, "second").work);
  await wait(3000);
  assert.deepEqual(log, ["second"]);
});

test("a lease from a time to come is of a clock that was set back", async () => {
  const { shared, tab, wait } = twoTabs();
  const log = [];
  shared.items.set("turn:7", JSON.stringify({ holder: "z", until: 10 ** 12 }));
  tab("a", {})("7", openWork(log, "first").work);
  await wait(100);
  assert.deepEqual(log, ["first"]);
});

test("without a storage to agree in, it works all the same", async () => {
  const { tab } = twoTabs();
  const log = [];
  await Promise.race([tab("a", { onWrite: () => { throw new Error("full"); } })("7", openWork(log, "first").work), quiet()]);
  assert.deepEqual(log, ["first"]);
});

test("a lock that does not come in time is not waited for, and one that was got is kept", async (t) => {
  const { timeout } = AbortSignal;
  t.after(() => { AbortSignal.timeout = timeout; });
  AbortSignal.timeout = undefined; // as in a browser that has none: its clock is one of ours
  mock.timers.enable({ apis: ["setTimeout"] });
  const tab = withLocks(fakeLocks(), "turn:");
  const log = [];
  const [first, second] = [openWork(log, "first"), openWork(log, "second")];
  tab("7", first.work);
  await Promise.resolve();
  tab("7", second.work);
  mock.timers.tick(39_000);
  await Promise.resolve();
  assert.deepEqual(log, ["first"]);
  mock.timers.tick(2000);
  mock.reset();
  await quiet();
  assert.deepEqual(log, ["first", "second"]);
});

test("locks that a browser refuses do not stop the work", async () => {
  const log = [];
  const refusing = { request: () => Promise.reject(new Error("no")) };
  await withLocks(refusing, "turn:")("7", () => { log.push("done"); });
  assert.deepEqual(log, ["done"]);
});

test("what goes wrong in the work is not tried again without the lock", async () => {
  let times = 0;
  const failing = () => { times += 1; throw new Error("broken"); };
  await assert.rejects(withLocks(fakeLocks(), "turn:")("7", async () => failing()), /broken/);
  assert.equal(times, 1);
});
