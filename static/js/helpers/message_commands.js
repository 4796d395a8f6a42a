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
  const { roomId, markUnreadUrl, epoch } = element.dataset;
  // Refused when the server was restored since: the ids on this page may be others' messages now.
  const change = async (name, messageId, does, fields, command = fields) => {
    const { version } = await either(name, { message_id: messageId, ...command, epoch }, `/messages/${messageId}/${does}`, { ...fields, epoch });
    changed(version);
  };
  return [
    answer(element, "message:edit", ({ messageId, body, version }) => change(UP.MESSAGE_EDIT, messageId, "edit", { body, version })),
    answer(element, "message:delete", ({ messageId }) => change(UP.MESSAGE_DELETE, messageId, "delete", {})),
    answer(element, "message:react", ({ messageId, emoji, isMine }) => {
      const [command, does] = isMine ? [UP.REACTION_REMOVE, "remove"] : [UP.REACTION_ADD, "add"];
      return change(command, messageId, "reactions", { emoji, do: does }, { emoji });
    }),
    answer(element, "message:mark-unread", async ({ number }) => {
      const mark = (fields) => either(UP.ROOM_MARK_UNREAD, { room_id: Number(roomId), ...fields, epoch }, markUnreadUrl, fields);
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
