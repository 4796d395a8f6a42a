import { listen, slot, tell } from "../helpers/dom.js";
import { hasFocus } from "../helpers/focus.js";
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
  const isByKeys = hasFocus(form);
  try {
    await postForm(form.action, {});
    if (isByKeys) focusList(form);
    tell(document, "rooms:read");
  } catch (error) {
    said.textContent = error.sentence || form.dataset.failed;
  }
}

/** The button goes with the last that is unread, which may be told by the socket first. */
function focusList(form) {
  const { activeElement } = document;
  if (activeElement !== document.body && !form.contains(activeElement)) return;
  const links = [...form.parentElement.querySelectorAll(".room-entry a")];
  (links.find((link) => link.matches("[aria-current]")) ?? links[0])?.focus();
}
