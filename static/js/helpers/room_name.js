import { fill } from "./dom.js";
import { setTitle } from "./title.js";

/** The room is called so from now on: by its title, that of the page, and what says whose log and whose box this is. */
export function callRoom(room, name) {
  const title = room.querySelector(".room__title bdi");
  if (title.textContent === name) return;
  title.textContent = name;
  const { pageTitle, logLabel, composerLabel } = room.dataset;
  setTitle(fill(pageTitle, { room: name }));
  room.querySelector(".log")?.setAttribute("aria-label", fill(logLabel, { room: name }));
  callBox(room.querySelector(".composer textarea"), fill(composerLabel, { room: name }));
}

function callBox(box, words) {
  if (!box) return;
  box.placeholder = words;
  box.labels[0].textContent = words;
}
