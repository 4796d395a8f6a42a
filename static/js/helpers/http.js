import { csrfToken } from "../page.js";
import { RequestError } from "../room/request_error.js";

/** The JSON at `url`. Rejects with a RequestError: the server's code, or `offline` when it cannot be reached. */
export function getJson(url) {
  return ask(url, { headers: { Accept: "application/json" } });
}

/** Post `fields` like a form does, and get JSON. Rejects like getJson. */
export function postForm(url, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  return ask(url, { method: "POST", headers, body: new URLSearchParams(fields) });
}

async function ask(url, options) {
  const response = await reach(url, options);
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw refusal(response, answer);
}

async function reach(url, options) {
  try {
    return await fetch(url, { credentials: "same-origin", ...options });
  } catch {
    throw new RequestError("offline");
  }
}

function refusal(response, answer) {
  const code = answer?.error ?? (response.status === 401 ? "signed_out" : "unavailable");
  const retryAfter = answer?.retry_after ?? Number(response.headers.get("Retry-After") ?? 0);
  return new RequestError(code, answer?.message, retryAfter);
}
