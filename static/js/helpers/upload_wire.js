import { csrfToken, csrfTokenUrl, me, renewCsrfToken } from "../page.js";
import { RequestError } from "../room/request_error.js";
import { getJson } from "./http.js";
import { SIGNED_OUT, tellSignedOut } from "./sign_in.js";

const PATIENCE_MS = 120_000; // for one part: a router gives up earlier
const STALE_FORM = "stale_form";
const NOTHING_YET = "upload_not_found";
const SPACE_MS = 2000; // nobody waits longer to hear that there is space: the server refuses by itself what does not fit

/** How files of a room come to the server, at `url`, and go from it. All reject with a RequestError. */
export function uploadWire(url) {
  return {
    put: (item, start, end, how) => again(() => put(url, item, start, end, how)),
    find: (item) => find(`${url}/${item.id}`),
    stop: (item) => again(() => send("DELETE", `${url}/${item.id}`)),
    remove: (uploadId) => again(() => send("DELETE", `/uploads/${uploadId}`)),
  };
}

/** How many bytes one may still send: the smaller of what the company and what its sender has left, and whose that is. */
export async function spaceLeft() {
  const unknown = { bytes: Infinity, whose: "" };
  const asked = getJson("/uploads/space").then(smaller, () => unknown);
  return Promise.race([asked, new Promise((resolve) => setTimeout(resolve, SPACE_MS, unknown))]);
}

function smaller({ company, share }) {
  return company <= share ? { bytes: company, whose: "company" } : { bytes: share, whose: "person" };
}

function put(url, { id, name, size, file }, start, end, { progress, signal }) {
  const query = new URLSearchParams({ client_id: id, name, size, offset: start });
  return send("PUT", `${url}?${query}`, { body: file.slice(start, end), progress, signal });
}

async function find(url) {
  try {
    return await getJson(url);
  } catch (error) {
    if (error.code === NOTHING_YET) return null;
    throw error;
  }
}

/** One signed in anew in another tab: the page's token belongs to the session before. */
async function again(ask) {
  try {
    return await ask();
  } catch (error) {
    if (error.code !== STALE_FORM) throw error;
    renewCsrfToken((await getJson(csrfTokenUrl())).csrf_token);
    return ask();
  }
}

/** By the older kind of request: fetch does not tell how much has left. */
function send(method, url, { body = null, progress = () => {}, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (code) => () => reject(new RequestError(code));
    request.open(method, url);
    request.responseType = "json";
    request.timeout = PATIENCE_MS;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    if (me()) request.setRequestHeader("X-Page-Of", me());
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onload = () => (request.status < 300 && request.response ? resolve(request.response) : reject(refusal(request)));
    Object.assign(request, { onerror: fail("offline"), onabort: fail("offline"), ontimeout: fail("timeout") });
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

function refusal({ status, response }) {
  const code = response?.error ?? (status === 401 ? SIGNED_OUT : "unavailable");
  if (code === SIGNED_OUT) tellSignedOut();
  return new RequestError(code, response?.message, response?.retry_after ?? 0);
}
