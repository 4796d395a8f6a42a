/** The rooms one was in last, to come back to at once. `isHeld(room)`: it holds what is nowhere else, and stays. */
export class WarmRooms {
  #rooms = new Map(); // by id, the one that was left longest ago first

  constructor({ most, isHeld }) {
    Object.assign(this, { most, isHeld });
  }

  put(id, room) {
    this.#rooms.delete(id);
    this.#rooms.set(id, room);
    const free = [...this.#rooms].filter(([, each]) => !this.isHeld(each));
    for (const [other] of free.slice(0, Math.max(0, free.length - this.most))) this.#rooms.delete(other);
  }

  /** The room, which is not among them from here on, or null. */
  take(id) {
    const room = this.#rooms.get(id) ?? null;
    this.#rooms.delete(id);
    return room;
  }

  has(id) {
    return this.#rooms.has(id);
  }

  /** Whether one of them holds what would be lost with it. */
  get isHolding() {
    return [...this.#rooms.values()].some((room) => this.isHeld(room));
  }
}
