"""The bytes of files in the database: for a first deploy on a host that throws its disk away."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Engine, LargeBinary, String, delete, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.upload import Upload, UploadPart
from chatapp.offload import give_way, offload
from chatapp.storage.contract import Digest, Held, Link, Stored, checked_key, is_key
from chatapp.upload_errors import UploadNotFound

MAX_BYTES = 10 * 2**20  # of one file: a database is no place for films
CHUNK_BYTES = 262_144  # of one row: to write it holds everybody else on this worker up for 2-5 ms


class StoredChunk(Base):
    """A piece of a file. All but the last have CHUNK_BYTES."""

    __tablename__ = "stored_chunks"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)


class DatabaseStore:
    """The store `db:`. Each chunk is a transaction of its own: while one waits for the next, nothing is locked."""

    max_bytes = MAX_BYTES

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """All that `chunks` yield. Raises Unavailable."""
        digest = Digest()
        try:
            # One chunk at least: an empty file is there, too.
            for position, data in enumerate(_regular(chunks)):
                offload(digest.take, data)
                with db.transaction() as session:
                    session.add(StoredChunk(key=checked_key(key), position=position, data=data))
        except BaseException:
            self.delete(key)
            raise
        return digest.stored()

    def open(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`. Raises UploadNotFound."""
        if self.size(key) is None:
            raise UploadNotFound
        return self._read(key, start, stop)

    def delete(self, key: str) -> None:
        """Forget the key, if it is there, and leave no byte of it in SQLite's journal."""
        with db.transaction() as session:
            session.execute(delete(StoredChunk).where(StoredChunk.key == key))
            db.after_commit(db.sweep_journal)

    def size(self, key: str) -> int | None:
        """How many bytes stand under the key, None where there is none."""
        length = func.sum(func.length(StoredChunk.data))
        with Session(self._engine) as session:
            size = session.scalar(select(length).where(StoredChunk.key == key))
        return None if size is None else int(size)

    def keys(self) -> Iterator[Held]:
        """Every key, with the moment at which its last chunk was stored."""
        newest = select(StoredChunk.key, func.max(StoredChunk.created_at, type_=UtcDateTime)).group_by(StoredChunk.key)
        with Session(self._engine) as session:
            held = [Held(key, since) for key, since in session.execute(newest) if is_key(key)]
        return iter(held)

    def sweep(self, before: datetime) -> int:
        """0: what never ended stands among the keys, without a row that speaks of it; see `remove_orphans`."""
        del before
        return 0

    def remove_orphans(self, before: datetime) -> int:
        """Remove the bytes that no row speaks of and of which none came since then, as a worker leaves them that dies:
        under how many keys there were some."""
        removed = 0
        # Some keys at a time: all at once would hold everybody else on this worker up.
        for beginning in (f"{number:02x}" for number in range(256)):
            give_way()
            for key in self._orphans(beginning, before):
                self.delete(key)
                removed += 1
        return removed

    def link(self, key: str, how: Link) -> None:
        """None: a row has no address."""

    def _orphans(self, beginning: str, before: datetime) -> list[str]:
        some = StoredChunk.key.between(beginning, f"{beginning}g")
        held = select(StoredChunk.key).where(some).distinct().subquery()
        speaking = (Upload.storage_key, Upload.thumbnail_key, UploadPart.storage_key)
        unknown = select(held.c.key).where(*(~exists().where(column == held.c.key) for column in speaking))
        newest = select(func.max(StoredChunk.created_at, type_=UtcDateTime))
        with Session(self._engine) as session:
            keys = list(session.scalars(unknown))
            ages = {key: session.scalar(newest.where(StoredChunk.key == key)) for key in keys}
        return [key for key, since in ages.items() if since is not None and since < before]

    def _read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        # A session for each chunk: who downloads slowly must not keep a connection from everybody else.
        for position in range(start // CHUNK_BYTES, -(-stop // CHUNK_BYTES)):
            with Session(self._engine) as session:
                data = session.scalar(select(StoredChunk.data).filter_by(key=key, position=position)) or b""
            before = position * CHUNK_BYTES
            yield data[max(0, start - before) : stop - before]


def _regular(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of CHUNK_BYTES; the last may be smaller, and is empty for no bytes at all."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    yield bytes(waiting)
