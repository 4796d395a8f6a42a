import { showDateAndTime } from "../helpers/moments.js";

/** A moment, in the reader's zone and language. */
export function mount(element) {
  const written = element.textContent;
  showDateAndTime(element);
  return () => { element.textContent = written; };
}
