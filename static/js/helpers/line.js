/**
 * The same line of the log, as the server's `fresh` one is. What scripts have put into it (`data-keep`: the buttons, a
 * text that is being edited) is not even moved: it would lose the focus, and with it a syllable that is being composed.
 */
export function refreshLine(line, fresh) {
  const focused = placeOf(line, document.activeElement);
  for (const name of line.getAttributeNames()) line.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) line.setAttribute(name, value);
  for (const child of [...line.childNodes]) if (!child.dataset || !("keep" in child.dataset)) child.remove();
  line.prepend(...fresh.childNodes);
  if (focused) (line.querySelector(focused) ?? line.querySelector(".message__link")).focus();
  return line;
}

/** Where the fresh line has what has the focus: the message's link, or one of the emoji under it. */
function placeOf(line, element) {
  if (!line.contains(element)) return null;
  if (element.matches(".reaction")) return `.reaction[value="${CSS.escape(element.value)}"]`;
  return element.matches(".message__link") ? ".message__link" : null;
}
