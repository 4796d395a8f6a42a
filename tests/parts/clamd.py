"""A virus scanner: the clamd that CLAMD names, else the one on PATH, else the one that set-up took out of Debian's
packages, else `tests/parts/spoken_clamd.py`, which speaks as clamd does and knows one thing to find.
"""

import socket
import sys
from pathlib import Path

from tests.parts.found import Binary, Provenance, named_by, on_path
from tests.parts.server import Server

# What every scanner takes for a virus by agreement (EICAR). In two pieces, or one would take this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FINDING = "Eicar-Test-Signature"
MOST_BYTES = 2**20  # of one file
UNPACKED = Path(sys.prefix) / "clamd"  # see bin/virus_scanner
SPOKEN = Path(__file__).with_name("spoken_clamd.py")


class Clamd(Server):
    """A scanner that finds EICAR, and takes no file over MOST_BYTES."""

    variable = "TEST_CLAMD_URL"

    @property
    def binary(self) -> Binary:
        """The program that serves."""
        unpacked = UNPACKED / "usr/sbin/clamd"
        found = named_by("CLAMD") or on_path("clamd")
        if found is None and unpacked.is_file():
            found = Binary(unpacked, "Debian: clamav-daemon")
        return found or Binary(SPOKEN, "ours: its protocol alone")

    @property
    def own_url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def provenance(self) -> Provenance:
        version = self._asked(b"zVERSION\0").removeprefix("ClamAV ")
        return Provenance("clamd", version.split("/")[0], self.origin)

    def prepare(self) -> None:
        (self.folder / "signatures").mkdir()
        # Of any kind of file, from its first byte on: it is EICAR when it begins so.
        (self.folder / "signatures" / "eicar.ndb").write_text(f"{FINDING}:0:0:{EICAR.hex()}\n")
        settings = {
            "TCPAddr": "127.0.0.1", "TCPSocket": self.port, "DatabaseDirectory": self.folder / "signatures",
            "Foreground": "yes", "StreamMaxLength": MOST_BYTES, "MaxThreads": 4, "TemporaryDirectory": self.folder,
            "DisableCertCheck": "yes", "Bytecode": "no",
        }  # fmt: skip
        (self.folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def command(self) -> list[str]:
        program = self.binary.path
        if program == SPOKEN:
            return [sys.executable, str(program), str(self.port), FINDING, EICAR.hex(), str(MOST_BYTES)]
        libraries = ":".join(str(path) for path in program.parents[1].glob("lib/*-linux-gnu"))
        return ["env", f"LD_LIBRARY_PATH={libraries}", str(program), "--config-file", str(self.folder / "clamd.conf")]

    def is_ready(self) -> bool:
        try:
            return self._asked(b"zPING\0") == "PONG"
        except OSError:
            return False

    def _asked(self, question: bytes) -> str:
        host, _, port = self.url.removeprefix("tcp://").partition(":")
        with socket.create_connection((host, int(port)), timeout=2) as connection:
            connection.sendall(question)
            return b"".join(iter(lambda: connection.recv(4096), b"")).rstrip(b"\0\n").decode()
