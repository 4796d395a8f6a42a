/** Whether an input method has the key: while composing, or, in Safari, the one that ended it. (behaviour 2) */
export function isOfInputMethod(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Whether this key sends: Enter, or with the reader's setting only Ctrl+Enter, which always does. (behaviour 1) */
export function isSendKey(event, isTouch) {
  if (event.key !== "Enter" || event.altKey) return false;
  const isBareEnter = !event.shiftKey && !isTouch && document.documentElement.dataset.sendKey !== "ctrl-enter";
  return event.ctrlKey || event.metaKey || isBareEnter;
}

/** Whether this is the key by itself. */
export function isBare(event, key) {
  return event.key === key && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
}
