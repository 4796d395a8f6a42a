import { RequestError } from "./request_error.js";

/** How far one has read in a room: told to the server as it grows, never backwards. `tell(fields)` is handed in and
 * resolves to how it then stands. "Mark unread" starts a new generation, the only way down. */
export class ReadPointer {
  #number = Infinity; // until the server has said how far it is
  #generation = 0;

  constructor(tell) {
    this.tell = tell;
  }

  get generation() {
    return this.#generation;
  }

  get number() {
    return this.#number;
  }

  /** How far one has read by what the server says, now or with every `room:read`. Returns whether it was marked unread
   * since we last heard. */
  stands({ last_read_number: number = 0, generation = 0 }) {
    if (generation < this.#generation) return false; // overtaken: a newer one is known already
    const hasBegun = this.#number !== Infinity;
    const isMarked = hasBegun && generation > this.#generation;
    this.#number = hasBegun && !isMarked ? Math.max(this.#number, number) : number;
    this.#generation = generation;
    return isMarked;
  }

  /**
   * Mark message `number` and all after it unread; `ask(fields)` resolves to how it stands then. Under a generation that
   * is over the server moves nothing: it is asked once more. Resolves to how it stands; rejects when nothing was marked.
   */
  async markUnread(number, ask) {
    let reading = await ask({ number, generation: this.#generation });
    const isMarked = () => reading.last_read_number === number - 1;
    if (!isMarked()) reading = await ask({ number, generation: reading.generation });
    if (!isMarked()) throw new RequestError("unavailable");
    return reading;
  }

  /** Tell that everything up to `number` is read. Resolves to whether it was marked unread meanwhile. */
  async read(number) {
    if (!(number > this.#number)) return false;
    const before = this.#number;
    this.#number = number;
    try {
      return this.stands(await this.tell({ number, generation: this.#generation }));
    } catch {
      this.#number = Math.min(before, this.#number); // the next look tries again
      return false;
    }
  }
}
