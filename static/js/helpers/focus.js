/** Whether the focus is in `element`, brought there by keys: when that goes, it must not fall out of the page. */
export function hasFocus(element) {
  const { activeElement } = document;
  return element.contains(activeElement) && activeElement.matches(":focus-visible");
}
