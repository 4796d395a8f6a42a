// The title of the page: what waits stands in front of it. (behaviour 53)

const MAX_SHOWN = 999; // above it stands "999+"

let own = document.title; // without what waits
let waiting = { direct: 0, other: 0 };

/** Call the page by these words from now on. */
export function setTitle(words) {
  own = words;
  show();
}

/** How many messages wait in conversations with this reader alone, and how many elsewhere. */
export function setUnread({ direct, other }) {
  waiting = { direct, other };
  show();
}

function show() {
  const title = mark(waiting) + own;
  if (document.title !== title) document.title = title;
}

/** What is for this reader alone is counted; of the rest it is enough to know. */
function mark({ direct, other }) {
  if (direct > 0) return `(${direct > MAX_SHOWN ? `${MAX_SHOWN}+` : direct}) `;
  return other > 0 ? "• " : "";
}
