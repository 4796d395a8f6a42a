import socket
from typing import Any

from chatapp.server.door import Door
from chatapp.server.listener import listen


def accepted_by(door: Door, said: bytes) -> tuple[socket.socket, Any]:
    """Who came, and their connection as the server has it, with this in it that was not read yet."""
    client = socket.create_connection(door.getsockname(), timeout=30)
    client.sendall(said or b".")
    connection, _ = door.accept()
    if not said:
        assert connection.recv(1) == b"."
    return client, connection


def test_a_door_that_closes_lets_those_finish_whose_request_has_come() -> None:
    door = Door(listen("127.0.0.1", 0))
    waiting, heard = accepted_by(door, b"GET /")
    idle, ended = accepted_by(door, b"")
    with door.closing():
        heard.shutdown(socket.SHUT_RDWR)
        ended.shutdown(socket.SHUT_RDWR)
    assert idle.recv(1) == b""
    assert heard.recv(16) == b"GET /"
    assert heard.recv(16) == b""
    heard.sendall(b"answer")
    assert waiting.recv(16) == b"answer"
    for each in (door, waiting, heard, idle, ended):
        each.close()


def test_at_any_other_time_a_connection_is_ended_whatever_it_has_said() -> None:
    door = Door(listen("127.0.0.1", 0))
    client, connection = accepted_by(door, b"GET /")
    connection.shutdown(socket.SHUT_RDWR)
    assert client.recv(1) == b""
    for each in (door, client, connection):
        each.close()
