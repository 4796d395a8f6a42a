import { UP } from "../events.js";
import { request } from "../socket.js";
import { answer } from "./dom.js";
import { postForm } from "./http.js";

const OVER_HTTP = new Set(["offline", "timeout"]); // what the socket cannot bring, a request may (behaviour 17)

/**
 * Answers what the buttons of the log `ask` the room: by the socket, else over HTTP. All of it may be sent twice.
 * `changed(version)` hears where the room stands then, `reading` is told how far one has read.
 */
export function answerMessageCommands(element, { changed, reading }) {
  const { roomId, markUnreadUrl } = element.dataset;
  return [
    answer(element, "message:edit", async ({ messageId, body, version }) => {
      const edited = { message_id: messageId, body, version };
      changed((await either(UP.MESSAGE_EDIT, edited, `/messages/${messageId}/edit`, { body, version })).version);
    }),
    answer(element, "message:delete", async ({ messageId }) => {
      const deleted = { message_id: messageId };
      changed((await either(UP.MESSAGE_DELETE, deleted, `/messages/${messageId}/delete`, {})).version);
    }),
    answer(element, "message:react", async ({ messageId, emoji, isMine }) => {
      const [command, does] = isMine ? [UP.REACTION_REMOVE, "remove"] : [UP.REACTION_ADD, "add"];
      const url = `/messages/${messageId}/reactions`;
      changed((await either(command, { message_id: messageId, emoji }, url, { emoji, do: does })).version);
    }),
    answer(element, "message:mark-unread", async ({ number }) => {
      const mark = (fields) => either(UP.ROOM_MARK_UNREAD, { room_id: Number(roomId), ...fields }, markUnreadUrl, fields);
      reading.told(await reading.pointer.markUnread(number, mark));
    }),
  ];
}

async function either(name, payload, url, fields) {
  try {
    return await request(name, payload);
  } catch (error) {
    if (!OVER_HTTP.has(error.code)) throw error;
    return postForm(url, fields);
  }
}
