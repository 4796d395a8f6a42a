import { fill, listen, tell } from "../helpers/dom.js";
import { getJson } from "../helpers/http.js";
import { setUnread } from "../helpers/title.js";
import { followUnread } from "../helpers/unread_source.js";
import { me } from "../page.js";
import { UnreadRooms } from "../room/unread.js";

const SETTLE_MS = 1000; // what comes into the room one looks at is read by then: it must not blink in the title

/** The icon of the page, with its title: they say what waits. A list of rooms counts it; where there is none, it is
 * counted here. Hears `unread:counted {direct, other}`. (behaviour 53) */
export function mount(link) {
  const mark = new Mark(link);
  const end = listen(document, "unread:counted", (event) => mark.counted(event.detail));
  const endCounting = document.querySelector('[data-controller="room-list"]') ? () => {} : count(link.dataset.roomsUrl);
  return () => { end(); endCounting(); mark.end(); };
}

function count(roomsUrl) {
  const unread = new UnreadRooms({
    me: me(),
    fetchRooms: () => getJson(roomsUrl),
    changed: () => tell(document, "unread:counted", unread.total),
  });
  return followUnread(unread);
}

class Mark {
  #timer = null;

  constructor(link) {
    this.link = link;
  }

  counted(waiting) {
    this.waiting = waiting;
    if (!document.hasFocus()) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), SETTLE_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = null;
    setUnread(this.waiting);
    this.link.href = iconFor(this.link.dataset, this.waiting);
    badge(this.waiting);
  }
}

/** There is one for each number that has a single figure, and one for more. */
function iconFor(icons, { direct, other }) {
  if (direct > 0) return fill(icons.direct, { number: direct > 9 ? "more" : direct });
  return other > 0 ? icons.other : icons.plain;
}

/** On the icon of an app that was installed; browsers refuse it elsewhere. */
function badge({ direct, other }) {
  if (!navigator.setAppBadge) return;
  const isSet = direct + other > 0 ? navigator.setAppBadge(...(direct > 0 ? [direct] : [])) : navigator.clearAppBadge();
  isSet.catch(() => {});
}
