import { slot } from "../helpers/dom.js";
import "../helpers/people_source.js";
import { isHere, onPresence } from "../helpers/presence.js";
import { connect } from "../socket.js";

/** The dot beside somebody's name. Until the server has told who is here, it stays as the page came. */
export function mount(element) {
  const look = () => show(element, isHere(Number(element.dataset.personId)));
  look();
  connect();
  return onPresence(look);
}

function show(element, isThere) {
  if (isThere === null) return;
  const words = isThere ? element.dataset.here : element.dataset.away;
  element.classList.toggle("presence--here", isThere);
  element.title = words;
  slot(element, "presence-words").textContent = words;
}
