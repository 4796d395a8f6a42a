"""Files in a bucket that speaks S3. Imported only where a bucket is named: boto3 is large."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any, ParamSpec
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from chatapp.config import ConfigError, Settings
from chatapp.offload import offload
from chatapp.storage.contract import READ_BYTES, Digest, Held, Link, Stored, checked_key, is_key
from chatapp.storage.s3_answers import Missing, storing, told
from chatapp.upload_errors import StorageFull, StorageUnavailable, UploadNotFound

PIECE_BYTES = 5 * 2**20  # the least that a piece of a multipart upload may have, but for the last one
BATCH_BYTES = 524_288  # go to a thread together: to be hashed, and written where a piece is gathered
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 20, 3
CONNECTIONS = 50  # kept open; each upload and each download needs one

logger = logging.getLogger(__name__)

P = ParamSpec("P")


class S3Store:
    """An object for each key, under a prefix. What is larger than a piece goes up as a multipart upload."""

    max_bytes = None

    def __init__(self, client: Any, bucket: str, prefix: str = "", *, link_seconds: int = 0) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._link_seconds = link_seconds

    @classmethod
    def at(cls, settings: Settings) -> "S3Store":
        """The store of an `s3://bucket/prefix?endpoint=https://...&region=...` URL. Raises ConfigError."""
        url = urlsplit(settings.storage_url)
        if not url.netloc:
            raise ConfigError("STORAGE_URL must name a bucket: s3://bucket?endpoint=https://...")
        options = {name: values[-1] for name, values in parse_qs(url.query).items()}
        prefix = unquote(url.path).strip("/")
        client = _client(options.get("endpoint"), options.get("region"), settings)
        prefix = f"{prefix}/" if prefix else ""
        return cls(client, url.netloc, prefix, link_seconds=settings.storage_link_seconds)

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """All that `chunks` yield. Raises StorageUnavailable, StorageFull: the bucket, or where pieces are gathered."""
        digest = Digest()
        with storing(), closing(_pieces(chunks, digest)) as pieces:
            first = next(pieces)
            if digest.size < PIECE_BYTES:
                self._ask(self._client.put_object, Body=first, **self._at(key))
            else:
                self._put_pieces(key, chain((first,), pieces))
        return digest.stored()

    def open(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`. Raises UploadNotFound, StorageUnavailable."""
        if start >= stop:
            return iter(())
        wanted = f"bytes={start}-{stop - 1}"
        try:
            return _Reading(self._ask(self._client.get_object, Range=wanted, **self._at(key))["Body"])
        except Missing as error:
            logger.warning("file missing in the bucket")
            raise UploadNotFound from error

    def delete(self, key: str) -> None:
        """Remove the object, if it is there. Raises StorageUnavailable."""
        try:
            self._ask(self._client.delete_object, **self._at(key))
        except Missing:
            logger.info("file was gone from the bucket")

    def size(self, key: str) -> int | None:
        """The length of the object, None where there is none. Raises StorageUnavailable."""
        try:
            length: int = self._ask(self._client.head_object, **self._at(key))["ContentLength"]
        except Missing:
            return None
        return length

    def keys(self) -> Iterator[Held]:
        """Every object of ours, with the moment at which it was stored. Raises StorageUnavailable.

        Under the prefix others may have theirs, and a browser of buckets leaves an empty one called like a folder.
        """
        paginator = self._client.get_paginator("list_objects_v2")
        with told():
            for page in paginator.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for each in page.get("Contents", ()):
                    if is_key(name := self._name(each)):
                        yield Held(name, each["LastModified"])

    def sweep(self, before: datetime) -> int:
        """Abort multipart uploads that began before then: a bucket keeps, and bills, their pieces for ever."""
        answer = self._ask(self._client.list_multipart_uploads, Bucket=self._bucket, Prefix=self._prefix)
        ours = [each for each in answer.get("Uploads", ()) if is_key(self._name(each))]
        left = [each for each in ours if each["Initiated"] < before]
        for each in left:
            self._abort({"Bucket": self._bucket, "Key": each["Key"], "UploadId": each["UploadId"]})
        return len(left)

    def link(self, key: str, how: Link) -> str | None:
        """A signed address for a GET. It works for a minute at most, whoever has it."""
        seconds = min(how.seconds, self._link_seconds)
        if seconds <= 0:
            return None
        shown = {"ResponseContentType": how.media_type, "ResponseContentDisposition": how.disposition}
        wanted = {**self._at(key), **shown, "ResponseCacheControl": "private, no-store"}
        address: str = self._client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        return address

    def _put_pieces(self, key: str, pieces: Iterable[IO[bytes]]) -> None:
        begun = self._ask(self._client.create_multipart_upload, **self._at(key))
        upload = {**self._at(key), "UploadId": begun["UploadId"]}
        parts: list[dict[str, object]] = []
        try:
            for number, piece in enumerate(pieces, 1):
                part = self._ask(self._client.upload_part, Body=piece, PartNumber=number, **upload)
                parts.append({"PartNumber": number, "ETag": part["ETag"]})
            self._ask(self._client.complete_multipart_upload, MultipartUpload={"Parts": parts}, **upload)
        except BaseException:
            if not self._abort(upload):
                self._take_back(key)
            raise

    def _abort(self, upload: dict[str, str]) -> bool:
        """False where the bucket knows of no such upload."""
        try:
            self._ask(self._client.abort_multipart_upload, **upload)
        except Missing:
            logger.warning("multipart upload was gone from the bucket")
            return False
        except StorageUnavailable:
            # `prune-uploads` finds it later.
            logger.warning("multipart upload could not be aborted")
        return True

    def _take_back(self, key: str) -> None:
        """An upload that is gone may have been joined, and only the answer lost: its object then belongs to nobody."""
        try:
            self.delete(key)
        except StorageUnavailable:
            # `prune-uploads` finds this, too.
            logger.warning("what an upload left could not be removed")

    def _ask(self, question: Callable[..., dict[str, Any]], **values: Any) -> dict[str, Any]:
        with told():
            return question(**values)

    def _name(self, entry: dict[str, Any]) -> str:
        name: str = entry["Key"]
        return name.removeprefix(self._prefix)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{checked_key(key)}"}


class _Reading:
    """An answer of the bucket, piece by piece."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._is_closed = False

    def __iter__(self) -> "_Reading":
        return self

    def __next__(self) -> bytes:
        with told():
            piece: bytes = b"" if self._is_closed else self._body.read(READ_BYTES)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Let go of the connection."""
        self._is_closed = True
        self._body.close()


def _client(endpoint: str | None, region: str | None, settings: Settings) -> Any:
    known = bool(settings.storage_key_id)
    try:
        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=settings.storage_key_id if known else None,
            aws_secret_access_key=settings.storage_secret_key if known else None,
            config=_config(is_own_endpoint=endpoint is not None),
        )
    except (BotoCoreError, ValueError) as error:
        raise ConfigError("STORAGE_URL cannot be read: s3://bucket?endpoint=https://...&region=...") from error


def _config(*, is_own_endpoint: bool) -> Config:
    return Config(
        signature_version="s3v4",
        # Bucket as a path: a server of one's own seldom has a name for each bucket.
        # The bytes are not signed, the request is: hashing 5 MB once more would hold everybody up for 10 ms.
        s3={"addressing_style": "path" if is_own_endpoint else "auto", "payload_signing_enabled": False},
        # Newer checksums are unknown to most servers that are not Amazon's.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "max_attempts": TRIES},
        max_pool_connections=CONNECTIONS,
    )


def _pieces(chunks: Iterable[bytes], digest: Digest) -> Generator[IO[bytes]]:
    """The same bytes in files of PIECE_BYTES or a little more, the last one smaller; one at least. Hashed on the way.

    On the disk, not in memory: ten uploads at once would hold 100 MB. A file is gone when the next one is asked for.
    """
    batches = _batches(chunks)
    is_more = True
    while is_more:
        with TemporaryFile(buffering=0) as file:
            begun, is_more = digest.size, False
            for batch in batches:
                _on_thread(_take, file, batch, digest)
                if is_more := digest.size - begun >= PIECE_BYTES:
                    break
            # None is empty but the first: what came to its end just now has no more to say.
            if digest.size > begun or begun == 0:
                file.seek(0)
                yield file


def _batches(chunks: Iterable[bytes]) -> Iterator[bytes]:
    batch = bytearray()
    for chunk in chunks:
        batch += chunk
        if len(batch) >= BATCH_BYTES:
            yield bytes(batch)
            batch.clear()
    if batch:
        yield bytes(batch)


def _take(file: IO[bytes], batch: bytes, digest: Digest) -> None:
    digest.take(batch)
    left = memoryview(batch)
    while left:
        left = left[file.write(left) :]


def _on_thread(function: Callable[P, None], /, *args: P.args, **kwargs: P.kwargs) -> None:
    try:
        offload(function, *args, **kwargs)
    except OSError as error:
        logger.warning("no space for a piece error=%s", type(error).__name__)
        raise StorageFull from error
