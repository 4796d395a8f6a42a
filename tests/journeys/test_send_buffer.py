"""What is said without a connection waits in the outbox alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_connection import Talk
from tests.journeys.test_connection import talk as talk

pytestmark = pytest.mark.journey

# The client of socket.io gives nobody its buffer: it is caught as it is made.
CATCH_THE_SOCKET = """Object.defineProperty(Object.prototype, "sendBuffer", {
  configurable: true,
  set(buffer) {
    window.theSocket = this;
    Object.defineProperty(this, "sendBuffer", { value: buffer, writable: true, configurable: true, enumerable: true });
  },
});"""
BUFFERED = "() => window.theSocket.sendBuffer.length"
CLIENT_ID = re.compile(r'"message:post".*"client_id":"([^"]*)"')


def test_nothing_that_was_said_without_a_connection_waits_in_the_client_and_goes_out_beside_the_outbox(
    talk: Talk,
) -> None:  # behaviour 68
    talk.bob.page.add_init_script(CATCH_THE_SOCKET)
    bob = talk.open()
    bob.context.set_offline(True)
    talk.line.cut()
    bob.eventually(lambda: bob.worker == 0, "the socket is gone")
    for number in range(3):
        bob.say(f"from the tunnel {number}")
    assert bob.page.evaluate(BUFFERED) == 0

    bob.context.set_offline(False)
    talk.line.mend()
    expect(bob.pending).to_have_count(0)
    expect(bob.lines).to_have_count(3)
    talk.hear("after it")
    posts = [found[1] for packet in talk.line.sent if (found := CLIENT_ID.search(packet))]
    assert len(posts) == len(set(posts))
