import { fill } from "./dom.js";

/** Give the emoji under a message what the shared HTML cannot know: which of them are one's own, and the reader's words. */
export function markReactions(line, { me, reaction, reactionMore }) {
  for (const chip of line.querySelectorAll(".reaction")) {
    const people = chip.dataset.people.split(" ");
    const names = [...chip.querySelectorAll("bdi")].map((name) => name.textContent);
    const more = people.length - names.length;
    const values = { emoji: chip.value, count: people.length, names: names.join(", "), more };
    const label = fill(more > 0 ? reactionMore : reaction, values);
    chip.setAttribute("aria-pressed", String(people.includes(me)));
    chip.setAttribute("aria-label", label);
    chip.title = label;
  }
}
