/** What time it is for the server, which says when messages were said: a browser's own clock may be days off. */
export class ServerClock {
  #aheadMs = 0; // of the browser's clock; by the newest that was heard, since either may be set meanwhile

  constructor(now = Date.now) {
    this.browserNow = now;
  }

  /** The server has just said that it is this time. What is no time changes nothing. */
  heard(time) {
    const said = Date.parse(time ?? "");
    if (!Number.isNaN(said)) this.#aheadMs = said - this.browserNow();
  }

  /** An answer with these headers has come, and says when it left. What a cache may have kept left long ago. */
  answered(headers) {
    if (headers.get("Cache-Control")?.includes("no-store")) this.heard(headers.get("Date"));
  }

  now() {
    return new Date(this.browserNow() + this.#aheadMs);
  }
}
