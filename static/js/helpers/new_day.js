import { watchDay } from "../room/midnight.js";
import { sharedWatch } from "../room/shared_watch.js";

/** Hear that the reader's day has changed. Returns what ends it. (behaviour 32) */
export const onNewDay = sharedWatch(watchDay);
