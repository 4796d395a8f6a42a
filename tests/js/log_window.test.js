import assert from "node:assert/strict";
import { test } from "node:test";
import { LogWindow } from "../../static/js/room/log_window.js";
import { ModelLog, ModelServer } from "./model.js";
import { quiet } from "./support.js";

function stage({ posts = 0, from = 1, to = posts } = {}) {
  const server = new ModelServer();
  for (let count = 0; count < posts; count += 1) server.post();
  const log = new ModelLog();
  log.replaceAll(server.messages.slice(from - 1, to).map((message) => ({ ...message })));
  const stage = { server, log, asked: [], fetchPage: async (query) => server.page(query) };
  stage.window = new LogWindow({
    log,
    fetchPage: (query) => { stage.asked.push(query); return stage.fetchPage(query); },
    hasOlder: from > 1,
    hasNewer: to < posts,
  });
  return stage;
}

const always = () => true;
const numbers = ({ log }) => log.lines.map(({ number }) => number);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("a new message stands at the end, and a change in the place of its older self", () => {
  const { server, window, log } = stage({ posts: 2 });
  assert.equal(window.arrived(server.post()), "added");
  assert.equal(window.arrived(server.edit(server.messages[0])), "changed");
  assert.deepEqual(log.lines.map(({ version }) => version), [4, 2, 3]);
});

test("after a page of the past a new message is only told of, since it would leave a hole", () => {
  const it = stage({ posts: 9, from: 3, to: 5 });
  assert.equal(it.window.arrived(it.server.post()), "beyond");
  assert.equal(it.window.arrived(it.server.edit(it.server.messages[0])), "elsewhere");
  assert.deepEqual(numbers(it), [3, 4, 5]);
});

test("pages are fetched on both sides until the room ends", async () => {
  const it = stage({ posts: 120, from: 60, to: 62 });
  await it.window.loadOlder();
  await it.window.loadNewer();
  assert.deepEqual(numbers(it), range(10, 112));
  await it.window.loadOlder();
  await it.window.loadNewer();
  assert.deepEqual(numbers(it), range(1, 120));
  assert.deepEqual([it.window.hasOlder, it.window.hasNewer], [false, false]);
});

test("one page at a time, however often it is asked for", async () => {
  const it = stage({ posts: 200, from: 150 });
  await Promise.all([it.window.loadOlder(), it.window.loadOlder(), it.window.loadOlder()]);
  assert.deepEqual(numbers(it), range(100, 200));
});

test("a change that arrives while its page is on the way is not undone by the page", async () => {
  const it = stage({ posts: 60, from: 51 });
  it.fetchPage = async (query) => {
    const page = it.server.page(query); // read before the change ...
    it.window.arrived(it.server.delete(it.server.messages[40])); // ... which arrives before the page
    return page;
  };
  await it.window.loadOlder();
  assert.equal(it.log.versionOf(1040), 61);
});

test("a message that is said while the newest page is on the way stands below it", async () => {
  const it = stage({ posts: 60, from: 1, to: 5 });
  it.fetchPage = async (query) => {
    const page = it.server.page(query);
    assert.equal(it.window.arrived(it.server.post()), "beyond");
    return page;
  };
  await it.window.showNewest();
  assert.deepEqual(numbers(it), range(11, 61));
});

test("who reads at the end gets the newest page, and older ones by paging back", async () => {
  const it = stage({ posts: 50 });
  for (let count = 0; count < 300; count += 1) it.server.post();
  assert.equal(await it.window.renew(), 350);
  assert.deepEqual(numbers(it), range(301, 350));
  assert.ok(it.window.hasOlder);
  await it.window.loadOlder();
  assert.deepEqual(numbers(it), range(251, 350));
});

test("who reads further up keeps the place, with every line in its newest state", async () => {
  const it = stage({ posts: 300, from: 41 });
  it.log.end = false;
  for (const index of [0, 45, 299]) it.server.delete(it.server.messages[index]);
  for (let count = 0; count < 500; count += 1) it.server.post();
  assert.equal(await it.window.renew(), 800);
  assert.deepEqual(numbers(it), range(41, 300));
  assert.deepEqual(it.log.lines.filter(({ deleted }) => deleted).map(({ number }) => number), [46, 300]);
  assert.ok(it.window.hasNewer);
  assert.equal(it.window.arrived(it.server.post()), "beyond");
});

test("who reads further up and missed few messages in many changes gets them below", async () => {
  const it = stage({ posts: 30 });
  it.log.end = false;
  for (let count = 0; count < 3; count += 1) it.server.post();
  await it.window.renew();
  assert.deepEqual(numbers(it), range(1, 33));
  assert.equal(it.window.hasNewer, false);
});

test("the newest page that comes in between ends the fetching of what follows the old one", async () => {
  const it = stage({ posts: 90, from: 1, to: 10 });
  const newest = it.window.showNewest();
  const newer = it.window.loadNewer();
  await Promise.all([newest, newer]);
  assert.deepEqual(numbers(it), range(41, 90));
  assert.equal(it.asked.length, 1);
});

test("a page that fails to come changes nothing, and may be asked for again", async () => {
  const it = stage({ posts: 20, from: 11 });
  const { fetchPage } = it;
  it.fetchPage = async () => { throw new Error("offline"); };
  await assert.rejects(it.window.loadOlder());
  await quiet();
  it.fetchPage = fetchPage;
  await it.window.loadOlder();
  assert.deepEqual(numbers(it), range(1, 20));
});

test("while an edit is being written in it, the stretch stays, and what stands there is read anew", async () => {
  const it = stage({ posts: 300, from: 20, to: 30 });
  it.log.held = true;
  it.server.edit(it.server.messages[24]);
  await it.window.showNewest();
  assert.deepEqual(numbers(it), range(20, 30));
  assert.equal(it.log.versionOf(it.server.messages[24].id), 301);
  assert.equal(it.window.hasNewer, true);
  it.log.held = false;
  await it.window.showNewest();
  assert.deepEqual(numbers(it), range(251, 300));
});

test("so it does when the edit was begun while the newest page was on its way", async () => {
  const it = stage({ posts: 300, from: 251 });
  for (let count = 0; count < 100; count += 1) it.server.post();
  it.fetchPage = async (query) => { it.log.held = true; return it.server.page(query); };
  assert.equal(await it.window.renew(), 400);
  assert.ok(numbers(it).includes(251));
});

test("who goes back through a long history keeps 400 lines, and comes forward again by scrolling", async () => {
  // behaviour 26
  const it = stage({ posts: 1000, from: 951 });
  it.log.end = false;
  while (it.window.hasOlder) {
    await it.window.loadOlder();
    assert.ok(it.log.count() <= 450);
  }
  assert.equal(it.log.first(), 1);
  assert.ok(it.window.hasNewer);
  while (it.window.hasNewer) {
    await it.window.loadNewer();
    assert.ok(it.log.count() <= 450);
    assert.deepEqual(numbers(it), range(it.log.first(), it.log.last()));
  }
  assert.equal(it.log.last(), 1000);
  assert.ok(it.window.hasOlder);
});

test("who stays at the end loses the oldest lines, who reads further up the newest, and is told", () => {
  const it = stage({ posts: 450 });
  it.window.arrived(it.server.post());
  assert.deepEqual(numbers(it), range(52, 451));
  assert.ok(it.window.hasOlder);
  it.log.end = false;
  for (let count = 0; count < 50; count += 1) assert.equal(it.window.arrived(it.server.post()), "added");
  it.window.arrived(it.server.post());
  assert.deepEqual(numbers(it), range(52, 451));
  assert.ok(it.window.hasNewer);
  assert.equal(it.window.arrived(it.server.post()), "beyond");
});

test("a cut stops before a line that is in use", async () => {
  const it = stage({ posts: 1000, from: 551 });
  it.log.kept = 980;
  await it.window.loadOlder();
  assert.deepEqual(numbers(it), range(501, 980));
  it.log.kept = 1;
  assert.equal(it.window.arrived(it.server.post()), "beyond");
});

test("the newest page comes in place of a stretch that was cut", async () => {
  const it = stage({ posts: 1000, from: 551 });
  it.log.end = false;
  await it.window.loadOlder();
  assert.ok(it.window.hasNewer);
  await it.window.showNewest();
  assert.deepEqual(numbers(it), range(951, 1000));
});

test("around a number stands what is there, and both ways are as long as they are", async () => {
  const it = stage({ posts: 200, from: 151 });
  await it.window.showAround(60, always);
  assert.deepEqual(numbers(it), range(36, 85));
  assert.deepEqual([it.window.hasOlder, it.window.hasNewer], [true, true]);
  assert.equal(it.window.arrived(it.server.post()), "beyond");
  await it.window.loadOlder();
  assert.deepEqual([numbers(it)[0], it.window.hasOlder], [1, false]);

  await it.window.showAround(10, always);
  assert.deepEqual(numbers(it), range(1, 50));
  assert.equal(it.window.hasOlder, false);
  await it.window.showAround(190, always);
  assert.deepEqual(numbers(it), range(166, 201));
  assert.deepEqual([it.window.hasOlder, it.window.hasNewer], [true, false]);
});

test("what is written in stays, wherever one was", async () => {
  const it = stage({ posts: 200, from: 151 });
  it.log.held = true;
  await it.window.showAround(60, always);
  assert.deepEqual(numbers(it), range(151, 200));
});

test("what nobody wants any more when it comes is not shown, and what came meanwhile stays", async () => {
  const it = stage({ posts: 200, from: 151 });
  let isWanted = true;
  it.fetchPage = async (query) => {
    isWanted = false;
    it.window.arrived(it.server.post());
    return it.server.page(query);
  };
  await it.window.showAround(60, () => isWanted);
  assert.deepEqual([numbers(it), it.window.hasNewer], [range(151, 201), false]);
});
