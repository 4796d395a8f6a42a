import { listen } from "../helpers/dom.js";

const HINTED = ".log :is(.reaction, .message__link, .message__edited)";
const MET = ["focusin", "pointerover", "pointerdown", "pointerup", "pointercancel"];

/**
 * Who reacted, and on which day something was said: a title says it to a pointer, and to nobody else. This element says
 * it to all. How (helpers/hints.js) is loaded when somebody first comes near one: until then the titles are there.
 */
export function mount(element) {
  let hints = null;
  const ends = MET.map((name) => listen(element.parentElement, name, meet));
  return () => { ends.forEach((end) => end()); ends.length = 0; };

  function meet(event) {
    if (hints) hints.met(event);
    else if (event.target.closest(HINTED)) load(event);
  }

  /** What happens meanwhile is told it after, one by one. */
  async function load(event) {
    const { Hints } = await import("../helpers/hints.js").catch(() => ({})); // without a connection: the next time
    if (!Hints || ends.length === 0) return;
    if (!hints) ends.push(...(hints = new Hints(element, HINTED)).listen());
    hints.met(event);
  }
}
