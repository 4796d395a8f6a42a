/** The length of a text as the server counts it: characters (code points), not UTF-16 units. */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** What to send of what was typed: leading spaces and lines inside stay, the end is trimmed. Empty when blank. */
export function textToSend(typed) {
  return typed.trimEnd();
}
