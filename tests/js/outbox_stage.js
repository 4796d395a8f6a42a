import { Outbox } from "../../static/js/room/outbox.js";
import { OutboxStore } from "../../static/js/room/outbox_store.js";
import { RequestError } from "../../static/js/room/request_error.js";
import { quiet, sharedStorage, standingClock } from "./support.js";

export const ROOM = 7;
const ME = 1;

/** An outbox whose requests stay open until the test answers them. `again()` is the same after a reload. */
export function stage({
  storage = sharedStorage().tab(), epoch = "one", held = new Set(), exclusively = (_, work) => work(),
} = {}) {
  const clock = standingClock();
  const sends = [];
  const states = [];
  const told = new Map(); // what was last told of each, by its text
  const time = { now: 1000 };
  const ask = (kind) => (...what) => new Promise((resolve, reject) => sends.push({ kind, entry: what[0], what, resolve, reject }));
  const outbox = new Outbox({
    store: new OutboxStore(storage, ME),
    wire: { post: ask("post"), edit: ask("edit"), erase: ask("erase"), find: ask("find") },
    exclusively,
    changed: (entry) => { states.push(`${entry.body} ${entry.state}`); told.set(entry.body, entry); },
    delay: clock.delay,
    now: () => time.now,
    epoch,
    restored: "Restored.",
    isHeld: (clientId) => held.has(clientId),
  });
  return { clock, outbox, sends, states, told, time, held, again: (more = {}) => stage({ storage, epoch, held, ...more }) };
}

export async function refuse(send, ...reason) {
  send.reject(new RequestError(...reason));
  await quiet();
}

export async function accept(send, ack = { ok: true, id: 5, version: 1 }) {
  send.resolve(ack);
  await quiet();
}

export const bodies = (sends) => sends.map((send) => send.entry.body);
export const isEmpty = (outbox) => outbox.store.entries().length === 0;
