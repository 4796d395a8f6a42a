"""`python -m chatapp ...` without its first second: a process that has imported everything, and splits in two for each
command. What is about that second too, or about another folder, starts Python itself."""

import atexit
import json
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60
MOST_BYTES = 65_536  # of the words and the environment of a command
IMPORTED = ("chatapp.cli", "chatapp.web", "chatapp.sockets", "chatapp.server.edge", "engineio.async_drivers.threading")


def run_command(words: Sequence[str], env: Mapping[str, str], *, typed: str = "") -> subprocess.CompletedProcess[str]:
    """How the command ended in a process of its own, with nothing but this environment."""
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile("w+", encoding="utf-8", newline="")) for _ in range(3)]
        files[0].write(typed)
        files[0].seek(0)
        asked = json.dumps([list(words), dict(env)]).encode()
        socket.send_fds(_splitting_process(), [asked], [file.fileno() for file in files])
        status = int(_splitting_process().recv(MOST_BYTES))
        said = []
        for file in files[1:]:
            file.seek(0)
            said.append(file.read())
    return subprocess.CompletedProcess(list(words), status, *said)


@cache
def _splitting_process() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE_SECONDS)
    command = [sys.executable, "-m", "tests.command_line", str(theirs.fileno())]
    env = {"PATH": os.environ.get("PATH", os.defpath)}
    process = subprocess.Popen(command, cwd=ROOT, env=env, pass_fds=[theirs.fileno()], start_new_session=True)
    theirs.close()
    atexit.register(process.wait)
    atexit.register(ours.close)  # the first of the two: it ends when nobody can ask any more
    return ours


def serve(asking: socket.socket) -> None:
    """Do what is asked for, one command after the other, until nobody is there to ask."""
    for module in IMPORTED:
        import_module(module)
    while True:
        asked, files, _, _ = socket.recv_fds(asking, MOST_BYTES, 3)
        if not asked:
            return
        words, env = json.loads(asked)
        pid = os.fork()
        if pid == 0:
            asking.close()
            _become(words, env, files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(pid, 0)
        asking.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(words: list[str], env: dict[str, str], files: list[int]) -> None:
    """Be the process of this command, to its end."""
    for place, file in enumerate(files):
        os.dup2(file, place)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["chatapp", *words]
    status = 1
    try:
        status = import_module("chatapp.cli").main()
    except BaseException:  # noqa: BLE001 - as Python does with what nobody caught
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
