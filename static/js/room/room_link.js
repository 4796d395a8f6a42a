import { UP } from "../events.js";
import { delay as wait } from "./delay.js";

const OPEN_AGAIN_MS = 2000;
const PROBE_TIMEOUT_MS = 5000; // of a question whether a connection lives: shorter than that of a message
const GLANCE_MS = 5000; // a reader who goes to and fro between windows asks once in this time
const FINAL = new Set(["room_not_found", "cursor_ahead", "signed_out"]);

/**
 * Keeps a room open over a socket that comes and goes, and its stream complete. Knows no socket: `request`,
 * `isConnected()` and `delay` are handed in; `opened(ack, since)` hears each answer before it is
 * applied, `gone()` that there is no room.
 */
export class RoomLink {
  #asked = 0; // an answer to an earlier question is of no use any more
  #isAsking = false;
  #hasGlanced = false;
  #isEnded = false;

  constructor({ roomId, stream, request, isConnected, opened, gone, delay = wait }) {
    Object.assign(this, { roomId, stream, request, isConnected, opened, gone, delay });
  }

  /** There is a connection: open the room, and hold what arrives until the answer says where it fits. */
  open() {
    this.stream.opening();
    return this.#ask();
  }

  /** There is none. */
  lost() {
    this.stream.opening();
  }

  /** What looks connected may not be, after a sleep say: ask for the head. No answer, and the socket begins anew. */
  async probe() {
    if (this.isConnected() && !this.#isAsking) await this.#ask({ timeoutMs: PROBE_TIMEOUT_MS });
  }

  /** One looks here again after a moment: is the connection alive, and the stream at the head? Changes nothing else. */
  async glance() {
    if (this.#hasGlanced || this.#isAsking || !this.isConnected()) return;
    this.#hasGlanced = true;
    this.delay(GLANCE_MS).then(() => { this.#hasGlanced = false; });
    try {
      const { version, epoch } = await this.request(UP.ROOM_OPEN, { room_id: this.roomId }, { timeoutMs: PROBE_TIMEOUT_MS });
      if (this.#isEnded) return;
      if (epoch === this.stream.epoch) this.stream.expect(version);
      else this.open();
    } catch {
      // The socket begins anew by itself, and opens the room.
    }
  }

  end() {
    this.#isEnded = true;
    if (this.isConnected()) this.request(UP.ROOM_CLOSE, { room_id: this.roomId }).catch(() => {});
  }

  async #ask(options) {
    if (this.#isEnded) return;
    this.#asked += 1;
    const turn = this.#asked;
    this.#isAsking = true;
    const { cursor: since, epoch } = this.stream;
    try {
      const ack = await this.request(UP.ROOM_OPEN, { room_id: this.roomId, since, epoch }, options);
      if (turn === this.#asked && !this.#isEnded) this.#take(ack, since);
    } catch (error) {
      if (turn === this.#asked && !this.#isEnded) this.#refused(error);
    }
  }

  #take(ack, since) {
    this.#isAsking = false;
    this.opened(ack, since);
    this.stream.opened(ack);
  }

  /** Still connected, but no answer: ask again. Without a connection, the next one opens the room. */
  async #refused(error) {
    this.#isAsking = false;
    this.stream.refused(error);
    if (error.code === "room_not_found") this.gone();
    if (FINAL.has(error.code)) return;
    const turn = this.#asked;
    await this.delay(error.retryAfter * 1000 || OPEN_AGAIN_MS);
    if (turn === this.#asked && this.isConnected()) this.open();
  }
}
