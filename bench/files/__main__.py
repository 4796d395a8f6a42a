"""`python -m bench.files`: the figures of files, and whether they are reached. The exit status is 1 when one is missed.

`--database sqlite` keeps the rows in SQLite, `--storage s3` the bytes in a bucket.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from bench.files.house import House
from bench.files.measure import Times, measure
from bench.files.report import is_reached, table
from tests.journeys.server import ARTEFACTS
from tests.parts.postgresql import PostgreSQL
from tests.parts.s3 import KEY_ID, S3, SECRET_KEY

SIZE_MB = 100


def main() -> int:
    """The exit status."""
    asked = _asked()
    with _database(asked.database) as url, _storage(asked.storage) as storage, House(url, SIZE_MB, **storage) as house:
        measured = measure(house, Times(), _say)
    _say("\n" + table(measured))
    return 0 if is_reached(measured) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.files", description="Measure what files cost.")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--storage", choices=("disk", "s3"), default="disk")
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgresql":
        with PostgreSQL() as server:
            yield server.create_database(f"bench_{uuid4().hex[:12]}")
    else:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ARTEFACTS) as folder:
            yield f"sqlite:///{Path(folder) / 'chatapp.db'}"


@contextmanager
def _storage(kind: str) -> Iterator[dict[str, str]]:
    if kind == "disk":
        yield {}
    else:
        with S3() as server:
            keys = {"STORAGE_KEY_ID": KEY_ID, "STORAGE_SECRET_KEY": SECRET_KEY, "STORAGE_LINK_SECONDS": "0"}
            yield {"STORAGE_URL": server.storage_url, **keys}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
