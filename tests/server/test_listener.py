import socket

import pytest

from chatapp.server.listener import ListenError, listen, url_of


def test_a_taken_port_is_refused_although_addresses_are_reused() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert first.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        assert not first.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT)
        with pytest.raises(ListenError, match=f"port {port} is taken: stop the other program"):
            listen("127.0.0.1", port)


def test_a_port_is_free_again_at_once() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b".")  # who says nothing is not let in yet
            accepted, _ = first.accept()
            assert accepted.recv(1) == b"."
            accepted.close()  # the server's side closes first, so its address lingers
            assert client.recv(1) == b""
    listen("127.0.0.1", port).close()


def test_an_address_of_another_machine_is_refused_with_what_to_do() -> None:
    with pytest.raises(ListenError, match=r"cannot listen on 192\.0\.2\.1 port 5000: .*; set HOST"):
        listen("192.0.2.1", 5000)


def test_the_url_is_what_people_type() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert url_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_an_ipv6_address_stands_in_brackets() -> None:
    with listen("::1", 0) as listener:
        assert url_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"
