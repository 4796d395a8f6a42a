// In the page, before any script of its own: notes when a key was pressed and when the frame that shows what came of
// it was painted, how the page first appeared, and every frame while the log is scrolled.

(() => {
  const probe = { key: 0, painted: [], sent: [], shown: [], frames: [], paints: 0, shifts: 0 };
  const waiting = [];
  window.figures = probe;

  addEventListener("keydown", ({ timeStamp }) => { probe.key = timeStamp; }, { capture: true });

  // A task after the next frame: by then the frame has been painted.
  function onPainted(then) {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(null);
    });
  }

  document.addEventListener("room:entered", () => {
    const { key } = probe;
    if (key) onPainted((now) => {
      probe.painted.push(now - key);
      waiting.splice(0).forEach((go) => go());
    });
  });

  // How long the switch after the first `count` of them took, once it is painted. Told, not asked for again and again:
  // what asks in every frame is compiled too, and counted as the page's own.
  probe.paintedAfter = async (count) => {
    while (probe.painted.length <= count) await new Promise((go) => { waiting.push(go); });
    return probe.painted[count];
  };

  // What becomes of the next message: when its line was painted, and when the server's stood in its place.
  probe.watchSending = () => {
    const [pending, messages] = ["pending", "messages"].map((name) => document.querySelector(`[data-slot=${name}]`));
    const count = messages.querySelectorAll(".message").length;
    watch(pending, () => pending.children.length > 0, () => onPainted((now) => probe.shown.push(now - probe.key)));
    watch(messages, () => messages.querySelectorAll(".message").length > count, () => {
      probe.sent.push(performance.now() - probe.key);
    });
  };

  function watch(list, isThere, then) {
    new MutationObserver((_, observer) => {
      if (!isThere()) return;
      observer.disconnect();
      then();
    }).observe(list, { childList: true });
  }

  // Scroll back by so many pixels a frame until a message of this number or an older one is there.
  probe.scrollBack = (log, number, pixels) => new Promise((done) => {
    let last = performance.now();
    requestAnimationFrame(function step(now) {
      probe.frames.push(now - last);
      last = now;
      log.scrollTop -= pixels;
      const first = Number(log.querySelector(".message")?.dataset.number ?? 0);
      if (first <= number) done(first);
      else requestAnimationFrame(step);
    });
  });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) probe.paints = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) probe.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  probe.wire = () => performance.getEntriesByType("resource")
    .filter(({ name }) => /\.(js|css)$/.test(new URL(name).pathname))
    .reduce((bytes, { transferSize }) => bytes + transferSize, 0);
})();
