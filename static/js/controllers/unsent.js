import { listen } from "../helpers/dom.js";
import { onReturn } from "../helpers/returns.js";
import { pageOutbox } from "../helpers/unsent.js";
import { onConnect } from "../socket.js";

/** What one has written and the server has not yet goes out from every page, of whatever room it is. */
export function mount(element) {
  const outbox = pageOutbox(element.dataset);
  const resume = () => outbox.resume();
  const ends = [
    onConnect(resume),
    onReturn(resume), // where no socket can connect, this is the sign that one may have signed in again
    listen(document, "sign-in:back", resume),
    listen(window, "beforeunload", (event) => { if (!outbox.isIdle) event.preventDefault(); }), // behaviour 18
  ];
  outbox.start();
  return () => ends.forEach((end) => end());
}
