import { csrfToken, csrfTokenUrl, epoch, me, renewCsrfToken } from "../page.js";
import { patiently } from "../room/patience.js";
import { RequestError } from "../room/request_error.js";
import { hearServerTime } from "./server_time.js";
import { SIGNED_OUT, tellSignedOut } from "./sign_in.js";

const PATIENCE_MS = 15_000; // behind a half-open connection an answer may never come
const STALE_FORM = "stale_form"; // one signed in anew in another tab: the token belongs to the session before

/** The JSON at `url`. Rejects with a RequestError: the server's code, `offline` when it cannot be
 * reached, `timeout` when it does not answer. */
export function getJson(url) {
  return ask(url, { headers: { Accept: "application/json" } });
}

/** The page at `url` as HTML. Rejects like getJson. */
export async function getPage(url) {
  const response = await reach(url, { headers: { Accept: "text/html" } });
  if (response.ok) return response.text();
  throw refusal(response, await jsonOf(response));
}

/** Post `fields` like a form does, and get JSON: once more when the server says that it was too often. Rejects like getJson. */
export function postForm(url, fields) {
  return patiently(async () => {
    try {
      return await post(url, fields);
    } catch (error) {
      if (error.code !== STALE_FORM) throw error;
      renewCsrfToken((await getJson(csrfTokenUrl())).csrf_token);
      return post(url, fields);
    }
  });
}

/** The same once, with a token of its own: the page's stays what it is. */
export function post(url, fields, token = csrfToken()) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return ask(url, { method: "POST", headers, body: new URLSearchParams(fields) });
}

async function ask(url, options) {
  const response = await reach(url, options);
  const answer = await jsonOf(response);
  if (response.ok && answer) return answer;
  throw refusal(response, answer);
}

async function reach(url, { headers, ...options }) {
  // The cookie may be somebody else's by now, who signed in in another tab: the server refuses what is not for them.
  // And after a restore the numbers on this page may be another room's: then it refuses every change.
  const said = me() ? { ...headers, "X-Page-Of": me(), "X-Page-Epoch": epoch() } : headers;
  const signal = AbortSignal.timeout?.(PATIENCE_MS) ?? endAfter(PATIENCE_MS);
  try {
    const response = await fetch(url, { credentials: "same-origin", signal, headers: said, ...options });
    hearServerTime(response);
    return response;
  } catch (error) {
    throw new RequestError(/Timeout|Abort/.test(error.name) ? "timeout" : "offline");
  }
}

/** For browsers that cannot do it by themselves. */
function endAfter(ms) {
  const end = new AbortController();
  setTimeout(() => end.abort(), ms);
  return end.signal;
}

function jsonOf(response) {
  return response.json().catch(() => null);
}

function refusal(response, answer) {
  const code = answer?.error ?? (response.status === 401 ? SIGNED_OUT : "unavailable");
  if (code === SIGNED_OUT) tellSignedOut();
  const retryAfter = answer?.retry_after ?? Number(response.headers.get("Retry-After") ?? 0);
  return new RequestError(code, answer?.message, retryAfter);
}
