/** How far one has read in a room: told to the server as it grows, never backwards. `tell(fields)` is handed in. */
export class ReadPointer {
  #number = Infinity; // until the server has said how far it is
  #generation = 0;

  constructor(tell) {
    this.tell = tell;
  }

  start({ last_read_number: number = 0, generation = 0 }) {
    this.#number = number;
    this.#generation = generation;
  }

  async read(number) {
    if (!(number > this.#number)) return;
    const before = this.#number;
    this.#number = number;
    try {
      await this.tell({ number, generation: this.#generation });
    } catch {
      this.#number = Math.min(before, this.#number); // the next look tries again
    }
  }
}
