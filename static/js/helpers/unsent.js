// What this browser keeps of what its reader has written, and the ways out of it.

import { UP } from "../events.js";
import { me } from "../page.js";
import { newClientId } from "../room/client_id.js";
import { Drafts } from "../room/drafts.js";
import { withLocks } from "../room/one_tab.js";
import { Outbox } from "../room/outbox.js";
import { OutboxStore } from "../room/outbox_store.js";
import { request } from "../socket.js";
import { listen, tell } from "./dom.js";
import { getJson, postForm } from "./http.js";
import { keptStorage } from "./kept_storage.js";

const OVER_HTTP = new Set(["offline", "timeout"]); // what the socket cannot bring, a request may (behaviour 17)
const PAGE = 200; // changes asked for at a time: the server's most

let outbox = null; // one for the page: it goes on sending while rooms come and go
const listeners = new Set();

/** The outbox of the page's reader, for all rooms. */
export function pageOutbox({ epoch, restored }) {
  outbox ??= makeOutbox({ epoch, restored });
  return outbox;
}

/** Hear of every new state of what waits there: `listener(entry, ack)`. Returns what ends it. */
export function onUnsent(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function makeOutbox({ epoch, restored }) {
  const drafts = new Drafts(keptStorage(), me());
  const isHeld = (clientId) => drafts.holds(clientId);
  const made = new Outbox({ store: unsentStore(), wire: { post, edit, erase, find }, exclusively: oneTab(), changed, epoch, restored, isHeld });
  hearOtherTabs(made);
  return made;
}

function changed(entry, ack) {
  for (const listener of listeners) listener(entry, ack);
  tell(document, "kept:changed", { roomId: entry.roomId }); // a room in a list may have another mark now
}

function hearOtherTabs(made) {
  listen(window, "storage", (event) => {
    const change = made.store.changeIn(event);
    if (change) made.noticed(change);
  });
}

function unsentStore() {
  return new OutboxStore(keptStorage(), me());
}

function oneTab() {
  const name = `chatapp:turn:${me()}:`; // and the room's id
  const storage = keptStorage();
  if (navigator.locks) return withLocks(navigator.locks, name);
  return storage ? leased(storage, name) : alone;
}

/** Few browsers need it, and it comes with the first message: without it, the server takes what came twice for one. */
function leased(storage, name) {
  const made = import("../room/lease.js").then(({ withLease }) => withLease(storage, name, { holder: newClientId() }), () => alone);
  return async (roomId, work) => (await made)(roomId, work);
}

function alone(_, work) {
  return work();
}

/** The server refuses what was written before it was restored: another room may have this number now. */
function post({ roomId, clientId, body, replyTo, uploads, epoch }) {
  const message = { client_id: clientId, body, ...(replyTo && { reply_to: replyTo }), ...(epoch && { epoch }) };
  const files = { upload_ids: uploads?.map(({ id }) => id) ?? [], upload_alts: uploads?.map(({ alt }) => alt ?? "") ?? [] };
  const fields = Object.entries({ ...message, ...files }).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  return say(UP.MESSAGE_POST, { room_id: roomId, ...message, ...files }, `/rooms/${roomId}/messages`, fields);
}

function edit(messageId, body, version) {
  return say(UP.MESSAGE_EDIT, { message_id: messageId, body, version }, `/messages/${messageId}/edit`, { body, version });
}

function erase(messageId) {
  return say(UP.MESSAGE_DELETE, { message_id: messageId }, `/messages/${messageId}/delete`, {});
}

async function say(command, payload, url, fields) {
  try {
    return await request(command, payload);
  } catch (error) {
    if (!OVER_HTTP.has(error.code)) throw error;
    return postForm(url, fields);
  }
}

/** The message that an entry became, if it did: no older than what its writer saw. */
async function find({ roomId, clientId, since, epoch }) {
  const time = epoch ? `&epoch=${epoch}` : "";
  const { items, more, up_to: upTo } = await getJson(`/rooms/${roomId}/changes?since=${since}&limit=${PAGE}${time}`);
  const found = items.find((message) => message.client_id === clientId && message.author.id === me());
  return found || !more ? found : find({ roomId, clientId, since: upTo, epoch });
}
