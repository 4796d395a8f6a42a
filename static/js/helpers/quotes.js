import { elementFromServer, fill, listen } from "./dom.js";
import { getJson } from "./http.js";
import { fileNames, focusLine } from "./line.js";

const EXCERPT_CHARS = 160; // as the server cuts it (chatapp/fragments.py)
const MARKED_MS = 2500; // how long the message stays marked that one was led to

/** What a reply shows of the message with this number: from its line in the log, else as the server has it now. */
export async function findQuote(log, number) {
  const line = lineNumbered(log, number);
  return line ? quoteOfLine(line) : quoteOfMessage(await getJson(`/rooms/${log.dataset.roomId}/messages/${number}`));
}

/** What a reply shows of the message in this line. */
export function quoteOfLine(line) {
  const isDeleted = line.classList.contains("message--deleted");
  const name = line.querySelector(".message__author").textContent;
  return {
    number: Number(line.dataset.number),
    version: Number(line.dataset.version),
    author: { id: Number(line.dataset.author), name },
    isDeleted,
    excerpt: isDeleted ? "" : excerptOf(line),
  };
}

/** The same of a message as it came by the wire. */
export function quoteOfMessage({ number, version, author, html, deleted_at: deletedAt }) {
  const excerpt = deletedAt ? "" : excerptOf(elementFromServer(html));
  return { number, version, author, isDeleted: Boolean(deletedAt), excerpt };
}

/** The quotes that a message bears upon: those of it, and its own. Newer than what stands there, or it changes nothing. */
export function renewQuotes(log, message) {
  for (const quote of quotesOf(log, message.number)) show(quote, quoteOfMessage(message), log.dataset);
  const own = message.reply && log.querySelector(`[data-message-id="${message.id}"] > .quote`);
  if (own) show(own, { ...message.reply, isDeleted: Boolean(message.reply.deleted_at) }, log.dataset);
}

/** Give a quote what the shared HTML cannot know: the reader's words. */
export function markQuote(quote, words) {
  const text = quote.querySelector(".quote__text");
  if (quote.classList.contains("quote--deleted")) text.textContent = words.deleted;
  const name = quote.querySelector(".quote__author").textContent;
  quote.setAttribute("aria-label", fill(words.reply, { name, text: text.textContent }));
}

/** Fill an empty quote, of what stands in the outbox. Where nothing can be found out now it stays a bare link. */
export async function fillQuote(quote, log, number) {
  quote.href = `/rooms/${log.dataset.roomId}/messages/${number}`;
  quote.dataset.number = number;
  quote.hidden = false;
  show(quote, await findQuote(log, number).catch(() => ({ version: 0 })), log.dataset);
}

/** A click on a quote leads to its message within the log, if it stands there; else the link does. */
export function followQuotes(log) {
  return listen(log, "click", (event) => {
    const line = lineNumbered(log, event.target.closest("a.quote")?.dataset.number);
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    lead(line);
  });
}

function lead(line) {
  focusLine(line);
  line.scrollIntoView({ block: "center" });
  line.classList.add("message--marked");
  setTimeout(() => line.classList.remove("message--marked"), MARKED_MS);
}

function show(quote, { version, author, excerpt = "", isDeleted = false }, words) {
  if (version <= Number(quote.dataset.version ?? -1)) return;
  quote.dataset.version = version;
  quote.classList.toggle("quote--deleted", isDeleted);
  quote.querySelector(".quote__author").textContent = author?.name ?? "";
  quote.querySelector(".quote__text").textContent = excerpt;
  markQuote(quote, words);
}

function quotesOf(log, number) {
  return log.querySelectorAll(`.quote[data-number="${number}"]`);
}

function lineNumbered(log, number) {
  return number ? log.querySelector(`[data-slot=messages] > .message[data-number="${number}"]`) : null;
}

/** The text as the server would cut it: without what is quoted in it, unless it says nothing else; else the files' names. */
function excerptOf(line) {
  const copy = line.querySelector(".message__body").cloneNode(true);
  for (const ours of copy.querySelectorAll("button, [role=status]")) ours.remove();
  const whole = asLine(copy);
  for (const quoted of copy.querySelectorAll("blockquote")) quoted.remove();
  return cut(asLine(copy) || whole || fileNames(line));
}

function asLine(element) {
  return element.textContent.replace(/\s+/gu, " ").trim();
}

function cut(line) {
  const characters = [...line];
  return characters.length <= EXCERPT_CHARS ? line : `${characters.slice(0, EXCERPT_CHARS - 1).join("").trimEnd()}…`;
}
