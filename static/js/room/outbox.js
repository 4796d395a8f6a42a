import { newClientId } from "./client_id.js";
import { delay as wait } from "./delay.js";

const PATIENCE_MS = 2000; // before the same again, where the server names no time of its own
const TRIES = 3; // of a message that makes the server fail; then its writer decides
const UNTIL_BACK = new Set(["offline", "signed_out"]); // nothing can go out until resume()
const SAME_AGAIN = new Set(["timeout", "slow_down", "unavailable"]); // says nothing against the message itself

/**
 * What was written and is not known to be stored: in order, one in flight per room, always under one client id, so
 * that any number of tries is one message. Owns no element: `send(entry)` resolves to the ack or rejects with a
 * RequestError; `changed(entry, ack)` hears of every new state: queued, sending, sent, failed, gone.
 */
export class Outbox {
  #entries = [];
  #inFlight = new Map(); // room id -> client id
  #returns = 0; // how often the connection came back

  constructor({ send, changed, delay = wait }) {
    Object.assign(this, { send, changed, delay });
  }

  /** Take a text in and send it as soon as it is its turn. */
  post(roomId, body) {
    const entry = { clientId: newClientId(), roomId, body, state: "queued", reason: "", tries: 0 };
    this.#entries.push(entry);
    this.changed(entry);
    this.#flush(roomId);
    return entry;
  }

  /** The message came back by the stream: it is stored, whatever becomes of the ack. */
  settle(clientId) {
    const entry = this.#find(clientId);
    if (entry) this.#sent(entry, null);
  }

  /** Send a refused one again. */
  retry(clientId) {
    const entry = this.#find(clientId);
    if (entry?.state !== "failed") return;
    entry.tries = 0;
    this.#become(entry, "queued");
    this.#flush(entry.roomId);
  }

  /** Take a refused one out, and get it back: to edit it, or to let it go. */
  discard(clientId) {
    const entry = this.#find(clientId);
    if (entry?.state !== "failed") return null;
    this.#remove(entry);
    this.#become(entry, "gone");
    return entry;
  }

  /** The connection is back. */
  resume() {
    this.#returns += 1;
    for (const roomId of new Set(this.#entries.map((entry) => entry.roomId))) this.#flush(roomId);
  }

  get isEmpty() {
    return this.#entries.length === 0;
  }

  async #flush(roomId) {
    if (this.#inFlight.has(roomId)) return;
    // A refused head steps aside: the next does not wait for its writer's decision.
    const entry = this.#entries.find((one) => one.roomId === roomId && one.state !== "failed");
    if (!entry) return;
    this.#inFlight.set(roomId, entry.clientId);
    this.#become(entry, "sending");
    const goOn = await this.#try(entry);
    this.#land(entry);
    if (goOn) this.#flush(roomId);
  }

  /** Send once. Resolves to whether the room's queue goes on now. */
  async #try(entry) {
    entry.tries += 1;
    const returns = this.#returns;
    try {
      this.#sent(entry, await this.send(entry));
      return true;
    } catch (error) {
      return this.#isSettled(entry) || this.#recover(entry, error, returns);
    }
  }

  async #recover(entry, error, returns) {
    if (UNTIL_BACK.has(error.code)) {
      this.#become(entry, "queued");
      return returns < this.#returns; // it came back while this try was failing
    }
    if (SAME_AGAIN.has(error.code) || (error.code === "internal_error" && entry.tries < TRIES)) {
      if (error.code !== "timeout") await this.delay(error.retryAfter * 1000 || PATIENCE_MS);
    } else {
      entry.reason = error.sentence;
      this.#become(entry, "failed");
    }
    return true;
  }

  #sent(entry, ack) {
    if (this.#isSettled(entry)) return;
    this.#remove(entry);
    this.#land(entry);
    this.#become(entry, "sent", ack);
    this.#flush(entry.roomId);
  }

  #land(entry) {
    if (this.#inFlight.get(entry.roomId) === entry.clientId) this.#inFlight.delete(entry.roomId);
  }

  #become(entry, state, ack = null) {
    entry.state = state;
    this.changed(entry, ack);
  }

  #find(clientId) {
    return this.#entries.find((entry) => entry.clientId === clientId);
  }

  #isSettled(entry) {
    return !this.#entries.includes(entry);
  }

  #remove(entry) {
    this.#entries = this.#entries.filter((one) => one !== entry);
  }
}
