// What becomes of a message that got no ack, by the error that came instead.

const PATIENCE_MS = 2000; // before the same again, where the server names no time of its own
const TRIES = 3; // of a message that makes the server fail; then its writer decides
const UNTIL_BACK = new Set(["offline", "signed_out"]); // nothing can go out until the connection is back
const SAME_AGAIN = new Set(["timeout", "slow_down", "unavailable"]); // says nothing against the message itself
const NEVER_STORED = new Set(["room_not_found", "not_a_member", "room_archived", "replied_deleted"]); // the server looked for it first
const REPLIED_IS_GONE = "replied_deleted"; // its text may still be sent, as a message of its own
const FIRST_IS_GONE = new Set(["message_deleted", "message_not_found"]);

/** Whether nothing can go out for now, neither this one nor any other. */
export function isUntilBack({ code }) {
  return UNTIL_BACK.has(code);
}

/** Whether the same may well succeed in a moment. */
export function isForNow({ code }, entry) {
  return SAME_AGAIN.has(code) || (code === "internal_error" && entry.tries < TRIES && !entry.isDiscarded);
}

/** How long to let be what `isForNow`. One that nobody answered has waited already. */
export function restMs({ code, retryAfter }) {
  return code === "timeout" ? 0 : retryAfter * 1000 || PATIENCE_MS;
}

/** The entry as it waits for its writer's decision, refused after the try that began as `before`. */
export function refused(entry, before, { code, sentence }) {
  const isTried = code === "internal_error" || (before.isTried && !NEVER_STORED.has(code));
  const replyTo = code === REPLIED_IS_GONE ? null : entry.replyTo;
  return { ...entry, state: "failed", reason: sentence, isTried, replyTo };
}

/** Whether what it was to change is not there any more. */
export function isFirstGone({ code }) {
  return FIRST_IS_GONE.has(code);
}

/**
 * Why nothing goes out of a room: one reason for all that waits there, until the server answers. Of this page and this
 * moment alone: it is never kept with a message, where it would outlive the trouble.
 */
export class Reasons {
  #byRoom = new Map();

  /** Returns whether another one is true than before; `error` is null when the server has answered. */
  note(roomId, error) {
    const former = this.of(roomId);
    if (error) this.#byRoom.set(roomId, { reason: error.sentence, waitsFor: error.code });
    else this.#byRoom.delete(roomId);
    const now = this.of(roomId);
    return now?.waitsFor !== former?.waitsFor || now?.reason !== former?.reason;
  }

  /** The server's sentence as `reason`, in its reader's language and often empty, and the code as `waitsFor`. */
  of(roomId) {
    return this.#byRoom.get(roomId) ?? null;
  }
}
