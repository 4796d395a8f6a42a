// The only file that knows socket.io.

import { io } from "../vendor/socket.io.esm.min.js";
import { SIGNED_OUT, onSignedOut, tellSignedOut } from "./helpers/sign_in.js";
import { me } from "./page.js";
import { RequestError } from "./room/request_error.js";

const ACK_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 500;
const RECONNECT_MAX_MS = 15_000;

const socket = io({
  path: "/socket.io/",
  transports: ["websocket"],
  autoConnect: false,
  reconnectionDelay: RECONNECT_MS,
  reconnectionDelayMax: RECONNECT_MAX_MS,
  randomizationFactor: 0.5,
  auth: { user_id: me() },
});

let refusals = 0;
let knock = 0;

/** Connect, and stay connected from then on. */
export function connect() {
  socket.connect();
}

/** Do not wait for the next try's time. */
export function reconnectNow() {
  if (socket.connected) return;
  socket.disconnect(); // ends the waiting try; connect() then starts at once
  socket.connect();
}

export function isConnected() {
  return socket.connected;
}

/** Send a command and get its ack. Rejects with a RequestError: the server's code, `offline`, or `timeout`. */
export async function request(name, payload, { timeoutMs = ACK_TIMEOUT_MS } = {}) {
  // socket.io would keep it and send it later, after the outbox has sent it already. (behaviour 68)
  if (!socket.connected) throw new RequestError("offline");
  const ack = await emit(name, payload, timeoutMs);
  if (ack?.ok) return ack;
  if (ack?.error === SIGNED_OUT) tellSignedOut();
  throw new RequestError(ack?.error ?? "internal_error", ack?.message, ack?.retry_after);
}

async function emit(name, payload, timeoutMs) {
  try {
    return await socket.timeout(timeoutMs).emitWithAck(name, payload);
  } catch {
    throw new RequestError(socket.connected ? "timeout" : "offline");
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

function knockLater() {
  const ms = Math.min(RECONNECT_MAX_MS, RECONNECT_MS * 2 ** refusals) * (0.5 + Math.random());
  refusals += 1;
  clearTimeout(knock);
  knock = setTimeout(connect, ms);
}

socket.on("connect", () => { refusals = 0; });
// After these two socket.io does not come back by itself. (behaviour 69)
socket.on("connect_error", (error) => {
  if (socket.active) return;
  if (error.message === SIGNED_OUT) tellSignedOut();
  knockLater();
});
socket.on("disconnect", (reason) => {
  socket.sendBuffer.length = 0;
  if (reason === "io server disconnect") knockLater();
});

// A socket of a sign-in that is over brings nothing any more. Knocking tells when there is one again.
onSignedOut(() => {
  if (!socket.connected) return;
  socket.disconnect();
  knockLater();
});

function returnToPage() {
  if (document.visibilityState === "visible" && wanted()) reconnectNow();
}

function wanted() {
  return socket.active || refusals > 0;
}

// behaviour 46
window.addEventListener("online", returnToPage);
// Every page is shown once as it loads; only one that comes back from the browser's cache has lost its connection.
window.addEventListener("pageshow", (event) => { if (event.persisted) returnToPage(); });
document.addEventListener("visibilitychange", returnToPage);
