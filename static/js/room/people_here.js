/** Who is here, by their ids; unknown until the server has said it once since the connection began. */
export class PeopleHere {
  #ids = null;

  /** What the server says. What comes before it has said it of everybody tells of some alone. */
  told({ people, away, is_everybody: isEverybody }) {
    if (isEverybody) this.#ids = new Set();
    if (this.#ids === null) return;
    for (const id of away) this.#ids.delete(id);
    for (const { id } of people) this.#ids.add(id);
  }

  /** True or false; null while it is not known. */
  isHere(id) {
    return this.#ids && this.#ids.has(id);
  }
}
