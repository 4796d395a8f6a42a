import { delay as wait } from "./delay.js";

const LAST_MS = 5000; // behaviour 13: who has said nothing for so long types no more

/** The others who are typing in a room: `changed(people)` hears of each change. Lossy by design, and so it ends by itself. */
export class Typists {
  #people = [];
  #run = 0; // changes when something is heard: an older wait then ends nothing

  constructor({ me, changed, delay = wait }) {
    Object.assign(this, { me, changed, delay });
  }

  /** All who are typing now, as the server says. */
  async told(people) {
    this.#run += 1;
    const run = this.#run;
    this.#show(people.filter(({ id }) => id !== this.me));
    if (this.#people.length === 0) return;
    await this.delay(LAST_MS);
    if (run === this.#run) this.#show([]);
  }

  /** What they typed has come. */
  ended(id) {
    this.#show(this.#people.filter((person) => person.id !== id));
  }

  /** Nothing more is heard. */
  clear() {
    this.#run += 1;
    this.#show([]);
  }

  #show(people) {
    const isSame = people.length === this.#people.length && people.every(({ id }, index) => id === this.#people[index].id);
    this.#people = people;
    if (!isSame) this.changed(people);
  }
}
