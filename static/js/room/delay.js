/** Resolves after `ms`. Handed in, so that tests need not wait. */
export function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
