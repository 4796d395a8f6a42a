import { Kept } from "./kept.js";

/**
 * Changes of messages that one person has begun to write and has not saved, each under its message. One is
 * `{roomId, messageId, number, before, version, body, tried}`: `body` is what stands in the box, `before` what stood in
 * the message at that `version`, `tried` the texts that were sent and may be stored.
 */
export class Edits {
  constructor(storage, userId) {
    this.kept = new Kept(storage, `chatapp:edit:${userId}:`);
  }

  /** The edit, or null. */
  get(roomId, messageId) {
    return editOrNull(this.kept.get(keyOf(roomId, messageId)));
  }

  /** Keep it, before this returns; one that changes nothing ends, unless a text was tried. Returns whether it outlives
   * the page. */
  put(edit) {
    if (edit.body !== edit.before || edit.tried.length > 0) return this.kept.put(keyOf(edit.roomId, edit.messageId), edit);
    this.remove(edit.roomId, edit.messageId);
    return true;
  }

  remove(roomId, messageId) {
    this.kept.remove(keyOf(roomId, messageId));
  }

  isKept(roomId, messageId) {
    return this.kept.isKept(keyOf(roomId, messageId));
  }

  /** Those of a room, the oldest message first. */
  of(roomId) {
    return this.#all().filter((edit) => edit.roomId === roomId).sort((one, other) => one.number - other.number);
  }

  /** How many there are, in all rooms. */
  get count() {
    return this.#all().length;
  }

  clear() {
    for (const id of this.kept.ids()) this.kept.remove(id);
  }

  /** Whether a change of the storage was about this one. */
  isOf(roomId, messageId, key) {
    return key === this.kept.prefix + keyOf(roomId, messageId);
  }

  #all() {
    return this.kept.ids().map((id) => editOrNull(this.kept.get(id))).filter(Boolean);
  }
}

function keyOf(roomId, messageId) {
  return `${roomId}:${messageId}`;
}

/** What somebody else wrote there is no edit. */
function editOrNull(record) {
  const numbers = [record?.roomId, record?.messageId, record?.number, record?.version];
  const isEdit = numbers.every(Number.isInteger) && [record.body, record.before].every((text) => typeof text === "string");
  return isEdit && Array.isArray(record.tried) ? record : null;
}
