"""What is said without a connection waits in the outbox alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_connection import Talk
from tests.journeys.test_connection import talk as talk

pytestmark = pytest.mark.journey

PARK = """async () => {
  const page = document.querySelector("script[type=module][src]").src;
  const { request } = await import(new URL("socket.js", page));
  return request("message:post", { client_id: "parked" }).catch((error) => error.code);
}"""
CLIENT_ID = re.compile(r'"message:post".*"client_id":"([^"]*)"')


def test_nothing_that_was_said_without_a_connection_waits_in_the_client_and_goes_out_beside_the_outbox(
    talk: Talk,
) -> None:  # behaviour 68
    bob = talk.open()
    bob.context.set_offline(True)
    talk.line.cut()
    bob.eventually(lambda: bob.worker == 0, "the socket is gone")
    for number in range(3):
        bob.say(f"from the tunnel {number}")
    assert bob.page.evaluate(PARK) == "offline"

    bob.context.set_offline(False)
    talk.line.mend()
    expect(bob.pending).to_have_count(0)
    expect(bob.lines).to_have_count(3)
    talk.hear("after it")
    posts = [found[1] for packet in talk.line.sent if (found := CLIENT_ID.search(packet))]
    assert "parked" not in posts
    assert len(posts) == len(set(posts))
