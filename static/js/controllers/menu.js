import { listen } from "../helpers/dom.js";

/** A `<details>` menu that closes on Escape and on a click elsewhere. */
export function mount(element) {
  const ends = [
    listen(document, "click", (event) => { if (!element.contains(event.target)) element.open = false; }),
    listen(element, "keydown", (event) => { if (event.key === "Escape") close(element); }),
  ];
  return () => ends.forEach((end) => end());
}

function close(element) {
  element.open = false;
  element.querySelector("summary").focus();
}
