// The names of the wire. A test holds them equal with chatapp/events.py.

export const UP = {
  ROOM_OPEN: "room:open",
  ROOM_CLOSE: "room:close",
  ROOM_READ: "room:read",
  ROOM_MARK_UNREAD: "room:mark_unread",
  MESSAGE_POST: "message:post",
  MESSAGE_EDIT: "message:edit",
  MESSAGE_DELETE: "message:delete",
  REACTION_ADD: "reaction:add",
  REACTION_REMOVE: "reaction:remove",
  TYPING_START: "typing:start",
  TYPING_STOP: "typing:stop",
};

export const DOWN = {
  MESSAGE_POSTED: "message:posted",
  MESSAGE_EDITED: "message:edited",
  MESSAGE_DELETED: "message:deleted",
  MESSAGE_CHANGED: "message:changed",
  ROOM_ADVANCED: "room:advanced",
  ROOM_CHANGED: "room:changed",
  MEMBER_JOINED: "member:joined",
  MEMBER_LEFT: "member:left",
  ROOM_READ: "room:read",
  ROOM_REMOVED: "room:removed",
  PERSON_CHANGED: "person:changed",
  TYPING_CHANGED: "typing:changed",
  PRESENCE_CHANGED: "presence:changed",
  SERVER_DRAINING: "server:draining",
};
