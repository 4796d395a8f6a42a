import assert from "node:assert/strict";
import { test } from "node:test";
import { TypingSignal } from "../../static/js/room/typing_signal.js";

/** A box whose owner types, and what was sent: a plus for "types", a minus for "stopped". */
function stage() {
  const it = { ms: 0, isAway: false, sent: "" };
  it.signal = new TypingSignal({
    now: () => it.ms,
    send: (isTyping) => {
      if (it.isAway) return false;
      it.sent += isTyping ? "+" : "-";
      return true;
    },
  });
  it.type = (text, { every = 100, forMs = 0 } = {}) => {
    for (const end = it.ms + forMs; it.ms <= end; it.ms += every) it.signal.changed(text);
  };
  return it;
}

test("it is said at once, and every three seconds while one types on", () => { // behaviour 13
  const it = stage();
  it.type("hello", { forMs: 0 });
  assert.equal(it.sent, "+");
  it.type("hello", { forMs: 8800 });
  assert.equal(it.sent, "+++");
});

test("an empty box is not typed in, and emptying it is the end", () => {
  const it = stage();
  it.signal.changed("  \n");
  assert.equal(it.sent, "");
  it.signal.changed("a");
  it.signal.changed("");
  assert.equal(it.sent, "+-");
});

test("the end is said once, and only of what was begun", () => {
  const it = stage();
  it.signal.stop();
  it.signal.changed("a");
  it.signal.stop();
  it.signal.stop();
  assert.equal(it.sent, "+-");
});

test("after the end the next letter is said at once", () => {
  const it = stage();
  it.signal.changed("a");
  it.signal.stop();
  it.signal.changed("b");
  assert.equal(it.sent, "+-+");
});

test("while the socket is away nothing is sent and nothing waits", () => {
  const it = stage();
  it.isAway = true;
  it.type("hello", { forMs: 10_000 });
  it.signal.stop();
  assert.equal(it.sent, "");
  it.isAway = false;
  it.signal.changed("hello");
  assert.equal(it.sent, "+");
});

test("a connection that is lost is told nothing, and the next one anew", () => {
  const it = stage();
  it.signal.changed("a");
  it.signal.forget();
  it.signal.stop();
  assert.equal(it.sent, "+");
  it.signal.changed("ab");
  assert.equal(it.sent, "++");
});
