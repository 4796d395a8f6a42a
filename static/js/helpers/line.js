import { slot } from "./dom.js";

// What is reached within a line. Code and tables are not among it: what scrolls must be reached by keys at any time.
const INNER = ":is(a, button):not(.message-actions *, .edit-box *)";
const SPOKEN = [".message__author", ".message__deactivated", ".quote", ".message__body", ".uploads", ".message__files", ".message__time", ".message__edited", ".message__state"];
const FILES = ".uploads";
const OURS = new Set(["tabindex", "aria-labelledby"]); // what helpers/log_focus.js gives a line

/**
 * The same line of the log, as the server's `fresh` one is. What scripts have put into it (`data-keep`: the buttons, a
 * text that is being edited) is not even moved: it would lose the focus, and with it a syllable that is being composed.
 * Nor are files that are as they were: one that plays would stop.
 */
export function refreshLine(line, fresh) {
  const { activeElement } = document;
  const focused = placeOf(line, activeElement);
  for (const name of line.getAttributeNames()) if (!OURS.has(name)) line.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) line.setAttribute(name, value);
  const files = renewFiles(line, fresh);
  const parts = [...fresh.childNodes];
  const place = files ? parts.findIndex((part) => part.matches?.(FILES)) : parts.length;
  for (const child of [...line.childNodes]) if (child !== files && !("keep" in (child.dataset ?? {}))) child.remove();
  line.prepend(...parts.slice(0, place));
  files?.after(...parts.slice(place + 1));
  if (focused && !line.contains(activeElement)) focusIn(line, line.querySelector(focused));
  return line;
}

/** One's newest message, or null: it was deleted, is still on its way, or the log shows a page of the past. */
export function lastOwnLine(log) {
  const isNewestThere = slot(log, "newer").hidden && slot(log, "pending").childElementCount === 0;
  const own = slot(log, "messages").querySelectorAll(`.message[data-author="${log.dataset.me}"]:not(.message--deleted)`);
  return isNewestThere ? own[own.length - 1] ?? null : null;
}

/** What a line says: its text, and what its files are called. */
export function wordsOf(line) {
  return [line.querySelector(".message__body").textContent.trim(), fileNames(line)].filter(Boolean).join("\n");
}

/** What the files of a line are called. */
export function fileNames(line) {
  return [...line.querySelectorAll(".upload")].map(({ dataset }) => dataset.name).join(", ");
}

/** Bring the focus to a line. */
export function focusLine(line) {
  if (!line.hasAttribute("tabindex")) line.tabIndex = -1;
  line.focus();
}

/** A line speaks as its name, text and time, of the parts that it has already. */
export function labelLine(line) {
  const parts = SPOKEN.map((part) => line.querySelector(`:scope > ${part}, :scope > .message__head ${part}`)).filter(Boolean);
  const name = line.id || `pending-${line.dataset.clientId}`;
  for (const part of parts) part.id ||= `${name}-${part.classList[0]}`;
  line.setAttribute("aria-labelledby", parts.map(({ id }) => id).join(" "));
}

/** Its links and buttons are stops of the Tab key: for the line that has the focus. */
export function openInside(line) {
  for (const each of line.querySelectorAll(`${INNER}[tabindex="-1"]`)) each.removeAttribute("tabindex");
}

/** They are not: Tab goes past the other lines. What failed to be sent keeps its buttons. */
export function closeInside(line) {
  if (!line.dataset.messageId) return;
  for (const each of line.querySelectorAll(INNER)) each.tabIndex = -1;
}

/** The line's own list of files, with those of `fresh` in it; null where either has none. */
function renewFiles(line, fresh) {
  const [shown, wanted] = [line, fresh].map((each) => each.querySelector(`:scope > ${FILES}`));
  if (!shown || !wanted) return null;
  openInside(line); // as the server made it: whoever marks the line closes it again
  const files = [...wanted.children];
  for (const file of [...shown.children]) if (!files.some((each) => each.isEqualNode(file))) file.remove();
  let next = shown.firstElementChild; // they never change places
  for (const file of files) {
    if (next?.isEqualNode(file)) next = next.nextElementSibling;
    else shown.insertBefore(file, next);
  }
  return shown;
}

function focusIn(line, part) {
  if (part) part.focus();
  else focusLine(line);
}

/** Where the fresh line has what has the focus: a link or button in it that it had before, or else the line itself. */
function placeOf(line, element) {
  if (element === line || !line.contains(element) || element.closest("[data-keep]")) return null;
  if (element.matches(".reaction")) return `.reaction[value="${CSS.escape(element.value)}"]`;
  if (element.matches(".quote")) return ".quote";
  return element.matches(".message__link") ? ".message__link" : ":scope > .nothing";
}
