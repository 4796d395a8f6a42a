"""The one listening socket: bound by the master, inherited by every worker."""

import errno
import socket

BACKLOG = 4096  # connections; a restart brings every browser back within seconds

SILENT_SECONDS = 30  # then a worker takes the connection all the same, and gives it 10 s more to say what it wants


class ListenError(Exception):
    """The address cannot be had; the message is one line that says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on `host` and `port` (0: any free port). Raises ListenError."""
    listener = None
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        _tune(listener)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise ListenError(_what_to_do(host, port, error)) from error
    else:
        return listener


def url_of(listener: socket.socket) -> str:
    """The address people type to reach `listener`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _tune(listener: socket.socket) -> None:
    # A restart need not wait for old connections. Not SO_REUSEPORT: a second server would share the traffic.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted sockets inherit it; without it a file on a kept-alive connection stalls 44 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Who has said nothing yet is nobody's: a worker that leaves cuts those it has accepted and not heard, for eventlet
    # takes them for idle. So they wait in the kernel for the worker that will hear them. Linux alone can do that.
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)


def _what_to_do(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = f"PORT={port % 65535 + 1} make run"
        return f"port {port} is taken: stop the other program or choose another, e.g. {other}"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights: choose one above 1023, e.g. PORT=5000 make run"
    return f"cannot listen on {host} port {port}: {error.strerror}; set HOST to an address of this machine"
