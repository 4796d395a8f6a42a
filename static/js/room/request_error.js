/** Why a request has no answer: the server's error code with its sentence, or `offline` or `timeout`. */
export class RequestError extends Error {
  constructor(code, message = "", retryAfter = 0) {
    super(message || code);
    this.code = code;
    this.sentence = message; // in the reader's language; empty when the server said nothing
    this.retryAfter = retryAfter; // seconds
  }
}
