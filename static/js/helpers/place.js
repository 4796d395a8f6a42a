/** The first of `lines` that is in sight. */
export function firstVisible(log, lines) {
  const { top } = log.getBoundingClientRect();
  return lines.find((line) => line.getBoundingClientRect().bottom > top);
}

/** Change the log without moving `anchor`, the line under the reader's eye; without one, stay at its end. */
export function keepPlace(log, anchor, change) {
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (!anchor) log.scrollTop = 0;
  else if (anchor.isConnected) log.scrollTop += anchor.getBoundingClientRect().top - before;
}
