import { copyTemplate, slot } from "./dom.js";

const PATIENCE_MS = 2000; // before "sending" is worth a word (behaviour 14)

/** One's own lines that the server has not confirmed: below all others, dimmed, in the order written. */
export class PendingList {
  #timers = new Map();

  constructor(log) {
    this.log = log;
    this.list = slot(log, "pending");
  }

  show(entry) {
    if (entry.state === "gone") return this.remove(entry.clientId);
    const line = this.#find(entry.clientId) ?? this.#add(entry);
    const isFailed = entry.state === "failed";
    line.classList.toggle("message--failed", isFailed);
    line.classList.toggle("message--pending", entry.state !== "sent");
    slot(line, "failure").hidden = !isFailed;
    slot(line, "reason").textContent = entry.reason;
    this.#say(line, entry);
  }

  remove(clientId) {
    if (!clientId) return;
    clearTimeout(this.#timers.get(clientId));
    this.#timers.delete(clientId);
    this.#find(clientId)?.remove();
  }

  end() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #add(entry) {
    const line = copyTemplate(this.log, "pending").firstElementChild;
    line.dataset.clientId = entry.clientId;
    slot(line, "body").textContent = entry.body;
    this.list.append(line);
    return line;
  }

  #say(line, entry) {
    clearTimeout(this.#timers.get(entry.clientId));
    const state = slot(line, "state");
    const isWaiting = entry.state === "queued" || entry.state === "sending";
    state.textContent = entry.state === "failed" ? this.log.dataset.failed : "";
    if (isWaiting) this.#timers.set(entry.clientId, setTimeout(() => { state.textContent = this.log.dataset.sending; }, PATIENCE_MS));
  }

  #find(clientId) {
    return this.list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`);
  }
}
