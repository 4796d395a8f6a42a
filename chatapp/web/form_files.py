"""Files that a plain form brings: counted as they come, and refused before they have come whole."""

import io
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request, request
from werkzeug.exceptions import ClientDisconnected

from chatapp import access, config, db
from chatapp.actions.file_store import max_upload_bytes
from chatapp.actions.incoming import check_space, in_megabytes, too_large
from chatapp.errors import ChatError, NotAMember, RoomArchived
from chatapp.models import Person
from chatapp.offload import give_way
from chatapp.storage.contract import NO_SPACE
from chatapp.upload_errors import (
    FormTooLarge,
    StorageFull,
    StorageUnavailable,
    TooManyUnsent,
    TooManyUploads,
    UploadLengthWrong,
    UploadQuotaFull,
    UploadShareFull,
)

IN_MEMORY_BYTES = 500 * 1024  # of a file; what is larger waits on the disk, as werkzeug has it
RETRY_SECONDS = 5
# With these the text is given back: it comes before the files, and is read still.
_TEXT_FIRST = (NotAMember, RoomArchived, TooManyUnsent, UploadQuotaFull, UploadShareFull)


@dataclass
class Expected:
    """What a form may bring; and, once it is over, why it came no further."""

    max_bytes: int  # of each file
    max_count: int
    length: int | None  # bytes of the whole form, where they were announced
    max_text_bytes: int  # of which no more is read where it is refused already
    refusal: ChatError | None = None
    is_over: bool = False  # no more of it is read
    count: int = 0  # files that have begun
    files: "list[CountedFile]" = field(default_factory=list)  # also those that never ended

    def refuse(self, error: ChatError) -> None:
        """Read no more of it."""
        self.refusal, self.is_over = self.refusal or error, True

    def begin(self, name: str | None) -> "CountedFile":
        """The next file. One without a name is an empty field."""
        self.count += bool(name)
        if self.refusal is not None or self.count > self.max_count:
            self.refuse(TooManyUploads(max_count=self.max_count))
        self.files.append(CountedFile(self))
        return self.files[-1]


class FormRequest(Request):
    """A request whose form ends where one of its files is refused: what came before it is there as ever."""

    expected: Expected | None = None

    def close(self) -> None:
        """Let go of all files, of a form that broke off too."""
        super().close()
        for file in self.expected.files if self.expected else ():
            file.close()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.expected is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return cast(IO[bytes], self.expected.begin(filename))

    def _get_stream_for_parsing(self) -> IO[bytes]:
        stream = super()._get_stream_for_parsing()
        if self.expected is None:
            return stream
        end = f"\r\n--{self.mimetype_params.get('boundary', '')}--\r\n".encode()
        return cast(IO[bytes], FormBytes(stream, self.expected, end))


class FormBytes(io.RawIOBase):
    """The bytes of a form; where it is over, what ends a form well, so that its parser gives what has come."""

    def __init__(self, stream: IO[bytes], expected: Expected, end: bytes) -> None:
        self._stream = stream
        self._expected = expected
        self._left = expected.length
        self._left_text = expected.max_text_bytes
        self._end = end

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        chunk = b"" if self._expected.is_over else self._next(size)
        if not chunk and self._expected.is_over:
            chunk, self._end = self._end, b""
        return chunk

    def _next(self, size: int) -> bytes:
        try:
            chunk = self._stream.read(size)
        except (OSError, ClientDisconnected):
            # Nothing more came for as long as we wait, or never will.
            chunk = b""
        self._left_text -= len(chunk)
        if self._left_text < 0 and self._expected.refusal is not None:
            self._expected.is_over = True
        if self._left is not None:
            self._left -= len(chunk)
            if not chunk and self._left > 0:
                self._expected.refuse(UploadLengthWrong())
        # Whoever sends quickly would keep this worker for the whole of it.
        give_way()
        return chunk


class CountedFile:
    """A file of a form, on its way to the disk."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._left = expected.max_bytes
        self._file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY_BYTES)

    def write(self, chunk: bytes) -> int:
        """Take the next bytes, or let the form be over."""
        self._left -= len(chunk)
        if self._left < 0:
            self._expected.refuse(too_large(self._expected.max_bytes))
        if not self._expected.is_over:
            self._keep(chunk)
        return len(chunk)

    def _keep(self, chunk: bytes) -> None:
        try:
            self._file.write(chunk)
        except OSError as error:
            is_full = error.errno in NO_SPACE
            self._expected.refuse(StorageFull() if is_full else StorageUnavailable(retry_after=RETRY_SECONDS))

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes that were taken."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place of it."""
        return self._file.seek(offset, whence)

    def close(self) -> None:
        """Let go of it."""
        self._file.close()


def expect_files(actor: Person, room_id: int) -> None:
    """Let this request's form be as long as files are. One that is longer than others is asked for its right first.

    Raises RoomNotFound. What else is against it is said by `refuse_if_refused`, with the text that came along.
    """
    settings, length = config.current(), request.content_length
    expected = Expected(max_upload_bytes(), settings.message_max_uploads, length, settings.request_max_bytes)
    cast(FormRequest, request).expected = expected
    if length is None:
        return
    # However long it is, the text before its files is read. One byte more: who asks for the end has read as many.
    request.max_content_length = length + 1
    if length > settings.request_max_bytes:
        _ask_before(actor, room_id, expected, length - settings.request_max_bytes)
    most = settings.request_max_bytes + expected.max_count * expected.max_bytes
    if length > most and expected.refusal is None:
        expected.refusal = FormTooLarge(max_mb=in_megabytes(most))


def refuse_if_refused() -> None:
    """Nothing when the form came whole. Raises what one of its files was refused for."""
    expected = cast(FormRequest, request).expected
    if expected is not None and expected.refusal is not None:
        raise expected.refusal


def _ask_before(actor: Person, room_id: int, expected: Expected, size: int) -> None:
    try:
        access.writable_room(actor, room_id)
        check_space(actor, size)
    except _TEXT_FIRST as error:
        expected.refusal = error
    # No connection to the database is kept while the bytes come, which may take minutes.
    db.session().rollback()
