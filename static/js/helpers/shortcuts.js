const IS_APPLE = /^(Mac|iP)/.test(navigator.platform);
const FIELDS = "input, textarea, select, [contenteditable]";

/** Whether a syllable is being composed; 229 is what Safari gives away of it. (behaviour 2) */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Ctrl and this key, on a Mac Cmd: there Ctrl+K is for editing. A keyboard that is set to Hangul or Kana may name the
 * letter it would write; then the key's place counts.
 */
export function isCommand(event, key, code) {
  const [wanted, other] = IS_APPLE ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (!wanted || other || event.altKey || isComposing(event)) return false;
  return event.key.toLowerCase() === key || (event.code === code && !/^[ -~]$/.test(event.key));
}

/** Whether a plain character would be typed nowhere. */
export function isOutsideFields(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !isComposing(event) && !event.target.closest?.(FIELDS);
}
