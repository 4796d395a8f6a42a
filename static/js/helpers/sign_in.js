import { listen, tell } from "./dom.js";

export const SIGNED_OUT = "signed_out"; // the server's code for it, by whichever way it answers

/** Let the whole page know that the server takes us for nobody. */
export function tellSignedOut() {
  tell(document, "sign-in:lost");
}

/** Hear of it. Returns what ends it. */
export function onSignedOut(handler) {
  return listen(document, "sign-in:lost", handler);
}
