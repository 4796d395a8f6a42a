/** The first of `lines` that is in sight. */
export function firstVisible(log, lines) {
  const { top } = log.getBoundingClientRect();
  return lines.find((line) => line.getBoundingClientRect().bottom > top);
}

/** Put a line where it was: so far below the log's upper edge. */
export function returnTo(log, line, below) {
  log.scrollTop += line.getBoundingClientRect().top - log.getBoundingClientRect().top - below;
}

/** Change the log without moving `anchor`, the line under the reader's eye; without one, stay at its end. */
export function keepPlace(log, anchor, change) {
  const before = anchor ? anchor.getBoundingClientRect().top : log.scrollTop;
  change();
  if (!anchor) goToEnd(log, before);
  else if (anchor.isConnected) log.scrollTop += anchor.getBoundingClientRect().top - before;
}

/** The log is reversed: 0 is its end. Where it stood there it still does, and to say so would lay it out at once. */
function goToEnd(log, before) {
  if (before !== 0) log.scrollTop = 0;
}
