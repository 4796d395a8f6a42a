import { RequestError } from "../../static/js/room/request_error.js";
import { Uploads } from "../../static/js/room/uploads.js";
import { quiet, standingClock } from "./support.js";

export const MB = 2 ** 20;
export const file = (name, size = 5) => ({ name, size });

/** Uploads whose requests stay open until the test answers them. */
export function stage(limits = {}) {
  const clock = standingClock();
  const asked = [];
  const ask = (kind) => (item, start, end, { progress, signal } = {}) =>
    new Promise((resolve, reject) => asked.push({ kind, item, start, end, progress, signal, resolve, reject }));
  const states = [];
  let number = 0;
  const uploads = new Uploads({
    wire: { put: ask("put"), find: ask("find"), stop: ask("stop"), remove: ask("remove") },
    limits: { maxCount: 10, maxBytes: 100 * MB, ...limits },
    changed: ({ name, state, sent }) => states.push(`${name} ${state} ${sent}`),
    newId: () => `id-${(number += 1)}`,
    delay: clock.delay,
  });
  return { uploads, asked, states, clock };
}

export const said = ({ kind, item, start, end }) => (kind === "put" ? `put ${item.name} ${start}-${end}` : `${kind} ${item.name ?? item}`);
export const names = (items) => items.map((item) => item.name);

export async function done(request, id = 1) {
  request.resolve({ offset: request.item.size, upload: { id, name: request.item.name, size: request.item.size } });
  await quiet();
}

export async function refuse(request, ...reason) {
  request.reject(new RequestError(...reason));
  await quiet();
}
