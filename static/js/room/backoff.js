const FIRST_MS = 1000;
const LONGEST_MS = 15_000; // longer, and people reload by hand (behaviour 46)

/** How long to wait before the next try: 0.5 s at least, 15 s at most, doubling with each failure. */
export class Backoff {
  #failures = 0;

  constructor(random = Math.random) {
    this.random = random;
  }

  /** The wait before the next try, in ms; random by half, so that a company's browsers do not come back as one. */
  next() {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    return longest * (0.5 + this.random() / 2);
  }

  /** It worked. */
  reset() {
    this.#failures = 0;
  }
}
