// The only file that knows socket.io.

import { io } from "../vendor/socket.io.esm.min.js";
import { getJson } from "./helpers/http.js";
import { onReturn } from "./helpers/returns.js";
import { SIGNED_OUT, onSignedOut, tellSignedOut } from "./helpers/sign_in.js";
import { csrfTokenUrl, me } from "./page.js";
import { Backoff } from "./room/backoff.js";
import { patiently } from "./room/patience.js";
import { RequestError } from "./room/request_error.js";

const ACK_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
const ASK_AGAIN_MS = 5000;
const YOUNG_MS = 3000; // a try that began so recently is not begun anew

const socket = io({
  path: "/socket.io/",
  transports: ["websocket"],
  autoConnect: false,
  reconnection: false, // it would not come back after the server's own goodbye; here one policy serves all (behaviour 69)
  timeout: CONNECT_TIMEOUT_MS,
  auth: (send) => send({ user_id: me(), ...introduction() }),
});
const backoff = new Backoff();

let introduction = () => ({});
let isWanted = false;
let knock = 0; // the timer of the next try
let triedAt = -Infinity;
let askedAt = -Infinity;

/** What each connection says of this page when it begins. */
export function introduce(said) {
  introduction = said;
}

/** Connect, and stay connected from then on. Many ask for it, also while a try is under way. */
export function connect() {
  if (isWanted) return knockAgain();
  isWanted = true;
  knockNow();
}

/** Do not wait for the next try's time, and end one that hangs. */
export function reconnectNow() {
  if (!isWanted || socket.connected) return;
  socket.disconnect();
  knockNow();
}

export function isConnected() {
  return socket.connected;
}

/**
 * Send a command and get its ack. Rejects with a RequestError: the server's code, `offline`, or `timeout`. Who is told to
 * slow down does, and asks again.
 */
export function request(name, payload, options) {
  return patiently(() => requestOnce(name, payload, options));
}

/** The same for what is worth nothing later. */
export async function requestOnce(name, payload, { timeoutMs = ACK_TIMEOUT_MS } = {}) {
  // socket.io would keep it and send it later, after the outbox has sent it already. (behaviour 68)
  if (!socket.connected) throw new RequestError("offline");
  const ack = await emit(name, payload, timeoutMs);
  if (ack?.ok) return ack;
  if (ack?.error === SIGNED_OUT) tellSignedOut();
  throw new RequestError(ack?.error ?? "internal_error", ack?.message, ack?.retry_after);
}

async function emit(name, payload, timeoutMs) {
  const { id } = socket;
  try {
    return await socket.timeout(timeoutMs).emitWithAck(name, payload);
  } catch {
    if (socket.id !== id) throw new RequestError("offline"); // also undefined, while there is none
    hangUp(); // it may be half-open: its own pings would tell much later (behaviour 17)
    throw new RequestError("timeout");
  }
}

/** Hear an event. Returns what ends it. */
export function on(name, handler) {
  socket.on(name, handler);
  return () => socket.off(name, handler);
}

export function onConnect(handler) {
  return on("connect", handler);
}

export function onDisconnect(handler) {
  return on("disconnect", handler);
}

/** A young try is let be: socket.io would ask to be let in twice, and the server ends a socket that does. */
function knockAgain() {
  if (performance.now() - triedAt > YOUNG_MS) reconnectNow();
}

function knockNow() {
  clearTimeout(knock);
  triedAt = performance.now();
  socket.connect();
}

function knockLater() {
  clearTimeout(knock);
  knock = setTimeout(knockNow, backoff.next());
}

/** No script hears why a handshake was refused. Whoever is signed out learns it by this answer, as by any other. */
function askWhetherSignedIn() {
  if (performance.now() - askedAt < ASK_AGAIN_MS) return;
  askedAt = performance.now();
  getJson(csrfTokenUrl()).catch(() => {}); // else there is no connection, or no room: a later try tells
}

function hangUp() {
  if (!socket.connected) return;
  socket.disconnect();
  knockLater();
}

socket.on("connect", () => {
  clearTimeout(knock);
  backoff.reset();
});
socket.on("connect_error", (error) => {
  if (error.message === SIGNED_OUT) tellSignedOut();
  else if (!error.data) askWhetherSignedIn();
  knockLater();
});
socket.on("disconnect", (reason) => {
  socket.sendBuffer.length = 0;
  if (reason !== "io client disconnect") knockLater(); // else it was our own doing
});

// A socket of a sign-in that is over brings nothing any more. Knocking tells when there is one again.
onSignedOut(hangUp);

// Coming back shows in several events at once: the first begins a try, the others let it be. (behaviour 46)
onReturn(knockAgain);
