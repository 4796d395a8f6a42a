/**
 * Records of one kind that outlive the page, in a Storage that is handed in (null where the browser has none). Each
 * stands under a key of its own: two tabs that write at the same time never write over each other's. What the storage
 * will not take is held for as long as the page lives.
 */
export class Kept {
  #unkept = new Map();

  constructor(storage, prefix) {
    Object.assign(this, { storage, prefix });
  }

  /** The record, or null. Never throws: what somebody else wrote there is no record. */
  get(id) {
    return this.#unkept.get(id) ?? this.read(this.#ask(() => this.storage.getItem(this.prefix + id)));
  }

  /** Keep it, before this returns. Returns whether it outlives the page. */
  put(id, record) {
    this.#unkept.set(id, record);
    const isKept = this.#ask(() => { this.storage.setItem(this.prefix + id, JSON.stringify(record)); return true; }) ?? false;
    if (isKept) this.#unkept.delete(id);
    return isKept;
  }

  remove(id) {
    this.#unkept.delete(id);
    this.#ask(() => this.storage.removeItem(this.prefix + id));
  }

  isKept(id) {
    return !this.#unkept.has(id);
  }

  ids() {
    return [...new Set([...this.#unkept.keys(), ...(this.#ask(() => this.#stored()) ?? [])])];
  }

  /** The id behind a key of the storage, or null when the key is not one of these. */
  idOf(key) {
    return key?.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
  }

  /** The record that a stored string holds, or null. */
  read(string) {
    try {
      return JSON.parse(string);
    } catch {
      return null;
    }
  }

  #stored() {
    const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return keys.map((key) => this.idOf(key)).filter((id) => id !== null);
  }

  /** A storage may be missing, full or forbidden, at any moment. */
  #ask(question) {
    try {
      return question();
    } catch {
      return null;
    }
  }
}
