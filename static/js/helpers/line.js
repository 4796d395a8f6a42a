/**
 * The same line of the log, as the server's `fresh` one is. What scripts have put into it (`data-keep`: the buttons, a
 * text that is being edited) is not even moved: it would lose the focus, and with it a syllable that is being composed.
 */
export function refreshLine(line, fresh) {
  const hadFocus = line.querySelector(".message__link") === document.activeElement;
  for (const name of line.getAttributeNames()) line.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) line.setAttribute(name, value);
  for (const child of [...line.childNodes]) if (!child.dataset || !("keep" in child.dataset)) child.remove();
  line.prepend(...fresh.childNodes);
  if (hadFocus) line.querySelector(".message__link")?.focus();
  return line;
}
