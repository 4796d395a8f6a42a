"""What all ways of sending a file have in common."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatapp import config
from chatapp.actions.changes import checked_client_id
from chatapp.actions.file_store import max_upload_bytes
from chatapp.actions.scanning import is_wanted
from chatapp.file_names import clean_file_name
from chatapp.images.beginning import Beginning
from chatapp.media_types import HEAD_BYTES, PERSONAL, media_type_of
from chatapp.models import Person, Upload
from chatapp.models.upload import UploadState
from chatapp.upload_errors import (
    TooManyUnsent,
    UploadLengthWrong,
    UploadMismatch,
    UploadQuotaFull,
    UploadShareFull,
    UploadTooLarge,
)

MEGABYTE = 2**20


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What is said of a file before its bytes come. `size` in bytes."""

    client_id: str
    name: str
    size: int

    @classmethod
    def checked(cls, client_id: str | None, name: str, size: int) -> "Announced":
        """The same, made safe. Raises BadRequest (a client_id that is no UUID), UploadTooLarge."""
        most = max_upload_bytes()
        if size > most:
            raise too_large(most)
        return cls(client_id=checked_client_id(client_id), name=clean_file_name(name), size=size)

    def before(self, actor: Person, room_id: int) -> Upload | None:
        """The upload that this was announced as before. Raises UploadMismatch when that was another file."""
        first = Upload.announced(room_id, actor.id, self.client_id)
        if first is not None and first.announced_size != self.size:
            raise UploadMismatch
        return first


@dataclass(frozen=True)
class Found:
    """What a file is, by its first bytes; of a picture, the size that it says it has. It may lie."""

    media_type: str
    state: UploadState
    width: int | None
    height: int | None


def too_large(most: int) -> UploadTooLarge:
    """What is said of a file with more than `most` bytes."""
    return UploadTooLarge(max_mb=in_megabytes(most))


def in_megabytes(size: int) -> str:
    """A limit of bytes as people are told it."""
    return f"{size / MEGABYTE:.4g}"


class Incoming:
    """The bytes of a file as they come: counted against what was announced, and the first of them kept.

    Iterating raises UploadLengthWrong when there are more or fewer.
    """

    def __init__(self, chunks: Iterable[bytes], size: int) -> None:
        self._chunks = chunks
        self._left = size
        self._size = size
        self._beginning = Beginning()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._left -= len(chunk)
            if self._left < 0:
                raise UploadLengthWrong
            self._beginning.take(chunk)
            yield chunk
        if self._left:
            raise UploadLengthWrong

    @property
    def media_type(self) -> str:
        """What it is, by its first bytes; known once they have come."""
        return media_type_of(self._beginning.head[:HEAD_BYTES], is_whole=self._size <= HEAD_BYTES)

    def found(self) -> "Found":
        """What is known of it once it has come whole."""
        media_type = self.media_type
        width, height = self._beginning.size(media_type) or (None, None)
        return Found(media_type, first_state(media_type), width, height)


def first_state(media_type: str) -> UploadState:
    """What a file is once it is whole: a picture, and what a scanner must pass, is looked at (`held_files`) first."""
    return UploadState.HELD if media_type in PERSONAL or is_wanted() else UploadState.STORED


@dataclass(frozen=True)
class Space:
    """How many bytes more there is space for: of the company's, and of one's own share. Neither is below 0."""

    company: int
    share: int


def space_for(actor: Person) -> Space:
    """What `actor` may still send."""
    settings = config.current()
    total, own = Upload.total_bytes(actor.id)
    return Space(
        company=max(0, settings.upload_quota_mb * MEGABYTE - total),
        share=max(0, settings.upload_person_quota_mb * MEGABYTE - own),
    )


def check_space(actor: Person, size: int) -> None:
    """Nothing while a file of `size` bytes more fits into what everybody, and `actor`, may store.

    Raises UploadQuotaFull, UploadShareFull, TooManyUnsent.
    """
    # Small ones take little space, and a place in the table and the store each.
    if Upload.count_unsent(actor.id) >= (most := config.current().upload_max_unsent):
        raise TooManyUnsent(max_count=most)
    space = space_for(actor)
    if size > space.company:
        raise UploadQuotaFull
    if size > space.share:
        raise UploadShareFull
