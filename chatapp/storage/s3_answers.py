"""What a bucket answers, in our words."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from chatapp.upload_errors import StorageFull, StorageUnavailable

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
ALREADY_GONE = MISSING | {"NoSuchUpload"}
# A quota of the bucket or its owner (Ceph; MinIO), or a full disk below it (MinIO; others say it by the status alone).
FULL = frozenset({"QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull"})
INSUFFICIENT_STORAGE = 507
RETRY_SECONDS = 5

logger = logging.getLogger(__name__)


class Missing(Exception):
    """The bucket has no such object."""


@contextmanager
def told() -> Iterator[None]:
    """Whatever is asked in here. Raises Missing, StorageUnavailable."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "?"))
        if code in ALREADY_GONE:
            raise Missing from error
        logger.warning("bucket refused code=%s", code)
        raise StorageUnavailable(retry_after=RETRY_SECONDS) from error
    except (BotoCoreError, OSError) as error:
        logger.warning("bucket failed error=%s", type(error).__name__)
        raise StorageUnavailable(retry_after=RETRY_SECONDS) from error


@contextmanager
def storing() -> Iterator[None]:
    """Where bytes are to be stored. Raises StorageUnavailable, StorageFull."""
    try:
        yield
    except Missing as error:
        # Somebody swept the pieces away while the rest came, or the server forgot them: all has to come again.
        raise StorageUnavailable(retry_after=RETRY_SECONDS) from error
    except StorageUnavailable as error:
        if _is_full(error.__cause__):
            raise StorageFull from error
        raise


def _is_full(cause: BaseException | None) -> bool:
    said = cause.response if isinstance(cause, ClientError) else {}
    code, status = said.get("Error", {}).get("Code"), said.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return code in FULL or status == INSUFFICIENT_STORAGE
