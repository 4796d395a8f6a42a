import { listen, slot } from "../helpers/dom.js";

/** A form with two buttons. In its search field Enter searches; in every other it is the button that the form is for.
 * Without a script Enter is the form's first button, which is the harmless one. */
export function mount(form) {
  return listen(form, "keydown", (event) => press(form, event));
}

function press(form, event) {
  // Not while composing; 229 is what Safari gives away of it. (behaviour 2)
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  if (!event.target.matches("input:not([type=search])")) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit(slot(form, "default"));
}
