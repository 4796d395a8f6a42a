import { listen, slot, tell } from "../helpers/dom.js";
import { postForm } from "../helpers/http.js";

/** Marks all rooms as read, in place. Tells `rooms:read`: where no socket brings the news, they are counted anew. */
export function mount(form) {
  return listen(form, "submit", (event) => {
    event.preventDefault();
    readAll(form);
  });
}

async function readAll(form) {
  const said = slot(form, "said");
  said.textContent = "";
  try {
    await postForm(form.action, {});
    tell(document, "rooms:read");
  } catch (error) {
    said.textContent = error.sentence || form.dataset.failed;
  }
}
