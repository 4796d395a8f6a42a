// Names that change, and accounts that end, in their one order: told over the socket, else asked for, as the changes of a
// room are. Whoever connects imports this first: a connection says how far this page has come. (behaviour 43)

import { DOWN } from "../events.js";
import { epoch, peopleVersion } from "../page.js";
import { RoomStream } from "../room/room_stream.js";
import { introduce, on } from "../socket.js";
import { getJson } from "./http.js";
import { learn } from "./names.js";

const stream = new RoomStream({
  cursor: peopleVersion(),
  epoch: epoch(),
  apply: (_name, person) => learn(person),
  fetchChanges: (since) => getJson(`/people/changes?${new URLSearchParams({ since, epoch: epoch() })}`),
  farChanges: Infinity, // a few letters each: they are taken one by one, however many
  reload: () => {}, // the server was restored: a room's own stream begins the page anew, and any other has little to lose
});

introduce(() => ({ people_version: stream.cursor }));
on(DOWN.PERSON_CHANGED, (person) => stream.receive(DOWN.PERSON_CHANGED, person));

/** People are known to stand at `version`, where no socket tells. */
export function expectPeople(version) {
  stream.expect(version);
}
