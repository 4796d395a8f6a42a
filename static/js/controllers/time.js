import { showDateAndTime } from "../helpers/moments.js";
import { onNewTimes } from "../helpers/new_times.js";

/** A moment, or those of the messages in it, in the reader's zone and language. */
export function mount(element) {
  const times = element.matches("time") ? [element] : [...element.querySelectorAll(".message__time")];
  const written = times.map((time) => time.textContent);
  const show = () => times.forEach(showDateAndTime);
  show();
  const end = onNewTimes(show);
  return () => { end(); times.forEach((time, index) => { time.textContent = written[index]; }); };
}
