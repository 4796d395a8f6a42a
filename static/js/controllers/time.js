import { showDateAndTime } from "../helpers/moments.js";
import { onNewTimes } from "../helpers/new_times.js";

/** A moment, in the reader's zone and language. */
export function mount(element) {
  const written = element.textContent;
  const show = () => showDateAndTime(element);
  show();
  const end = onNewTimes(show);
  return () => { end(); element.textContent = written; };
}
