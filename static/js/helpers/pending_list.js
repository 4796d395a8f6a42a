import { copyTemplate, setText, slot } from "./dom.js";
import { hasFocus } from "./focus.js";
import { focusLine } from "./line.js";
import { fillQuote } from "./quotes.js";

const PATIENCE_MS = 2000; // before "sending" is worth a word (behaviour 14)
const LIMIT_MS = 10_000; // before it is called "not sent yet", with what one can do: as long as the wait for an ack

/** One's own lines that the server has not confirmed: below all others, dimmed, in the order written. */
export class PendingList {
  #timers = new Map();
  #shown = new Map(); // how each of them looks, by client id

  constructor(log) {
    this.log = log;
    this.list = slot(log, "pending");
  }

  /** Whether it stands there in just this way: each step of its way is told, and most of them change nothing. */
  isAs(entry) {
    return this.#shown.get(entry.clientId) === look(entry);
  }

  /** Whether it stands there as one that is on its way. */
  waits(clientId) {
    return this.#timers.has(clientId);
  }

  show(entry) {
    if (entry.state === "gone") return this.remove(entry.clientId);
    this.#shown.set(entry.clientId, look(entry));
    const line = this.#find(entry.clientId) ?? this.#add(entry);
    const isFailed = entry.state === "failed";
    setText(slot(line, "body"), entry.body);
    setText(slot(line, "files"), (entry.uploads ?? []).map((upload) => upload.name).join(", "));
    line.classList.toggle("message--failed", isFailed);
    line.classList.toggle("message--pending", entry.state !== "sent");
    slot(line, "unkept").hidden = entry.isKept || entry.state === "sent";
    if (isFailed || entry.state === "sent") this.#settle(line, entry, isFailed);
    else this.#wait(line, entry);
  }

  remove(clientId) {
    if (!clientId) return;
    this.#stop(clientId);
    this.#shown.delete(clientId);
    this.#find(clientId)?.remove();
  }

  /** What is still on its way is told anew to whoever looks here again. */
  end() {
    for (const clientId of [...this.#timers.keys()]) this.#stop(clientId);
    this.#shown.clear();
    this.list.replaceChildren();
  }

  #add(entry) {
    const line = copyTemplate(this.log, "pending").firstElementChild;
    line.dataset.clientId = entry.clientId;
    if (entry.replyTo) fillQuote(slot(line, "quote"), this.log, entry.replyTo);
    this.#place(line, entry.at);
    return line;
  }

  /** Another tab's may be told late. */
  #place(line, at) {
    line.dataset.at = at;
    this.list.insertBefore(line, [...this.list.children].find((one) => Number(one.dataset.at) > at) ?? null);
  }

  #settle(line, entry, isFailed) {
    this.#stop(entry.clientId);
    setText(slot(line, "state"), isFailed ? this.log.dataset.failed : "");
    setText(slot(line, "reason"), entry.reason);
    this.#offer(line, isFailed, "alert");
  }

  /** It tries on by itself. The words wait from its first try on, whatever becomes of the tries. */
  #wait(line, entry) {
    setText(slot(line, "reason"), this.#reason(entry)); // seen with what one can do
    if (this.waits(entry.clientId)) return;
    this.#offer(line, false, "group");
    slot(line, "state").textContent = "";
    const say = (words) => { slot(line, "state").textContent = words; };
    const sending = setTimeout(() => say(this.log.dataset.sending), PATIENCE_MS);
    const limit = setTimeout(() => { say(this.log.dataset.waiting); this.#offer(line, true, "group"); }, LIMIT_MS);
    this.#timers.set(entry.clientId, [sending, limit]);
  }

  /** Why it waits. Where nothing is known after that long, nobody has answered; but another tab may have been. */
  #reason({ reason, waitsFor, isOld }) {
    const { offline, noAnswer } = this.log.dataset;
    if (waitsFor || !isOld) return reason || (waitsFor === "offline" ? offline : noAnswer);
  }

  /** Retry, edit and discard. Only what was refused is worth interrupting a reader for. */
  #offer(line, isOffered, role) {
    const failure = slot(line, "failure");
    if (!isOffered && hasFocus(failure)) focusLine(line);
    failure.setAttribute("role", role);
    failure.hidden = !isOffered;
  }

  #stop(clientId) {
    this.#timers.get(clientId)?.forEach(clearTimeout);
    this.#timers.delete(clientId);
  }

  #find(clientId) {
    return this.list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`);
  }
}

function look({ state, body, reason, waitsFor, isKept, uploads }) {
  const kind = state === "sending" ? "queued" : state;
  return JSON.stringify([kind, body, reason, waitsFor, isKept, uploads]);
}
