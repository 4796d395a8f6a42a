const IS_APPLE = /^(Mac|iP)/.test(navigator.platform);
const FIELDS = "input, textarea, select, [contenteditable]";

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

/** Whether a letter or a sign by itself may mean something: one's own choice, since words that are spoken to the machine
 * come as letters. */
export function hasSingleKeys() {
  return document.documentElement.dataset.singleKeys !== "off";
}

/** Whether this is the key by itself. */
export function isBare(event, key) {
  return event.key === key && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
}

/**
 * Ctrl and this key, on a Mac Cmd: there Ctrl+K is for editing. A keyboard that is set to Hangul or Kana may name the
 * letter it would write; then the key's place counts.
 */
export function isCommand(event, key, code) {
  const [wanted, other] = IS_APPLE ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (!wanted || other || event.altKey || isOfInputMethod(event)) return false;
  return event.key.toLowerCase() === key || (event.code === code && !/^[ -~]$/.test(event.key));
}

/** Which way the Right key goes in `element`: 1 is on, -1 back, where it runs from right to left. */
export function rightIn(element) {
  return getComputedStyle(element).direction === "rtl" ? -1 : 1;
}

/** Whether a plain character would be typed nowhere. */
export function isOutsideFields(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !isOfInputMethod(event) && !event.target.closest?.(FIELDS);
}
