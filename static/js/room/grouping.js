const GROUP_MS = 5 * 60 * 1000; // behaviour 31

/** Whether `message` goes on where `previous` stopped: one person, one day, within minutes; not after the line "New". */
export function continues(previous, message) {
  if (!previous || message.isFirstUnread || previous.author !== message.author) return false;
  return sameDay(previous.time, message.time) && Math.abs(message.time - previous.time) < GROUP_MS;
}

/** Whether two moments are on one day of the reader's calendar. */
export function sameDay(one, other) {
  return one.toDateString() === other.toDateString();
}
