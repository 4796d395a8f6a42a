"""What can go wrong with files. They stand apart from `errors.py` only because that one is long."""

from chatapp.errors import ChatError


class LengthRequired(ChatError):
    """A file is refused before its first byte when nobody says how long it is."""

    code = "length_required"
    status = 411


class UploadTooLarge(ChatError):
    code = "upload_too_large"
    status = 413


class FormTooLarge(ChatError):
    """A form brings more than all the files that one message may have, `max_mb`."""

    code = "form_too_large"
    status = 413


class UploadQuotaFull(ChatError):
    """All files of the company together take the space that its operator gave them."""

    code = "upload_quota_full"
    status = 507


class UploadShareFull(ChatError):
    """One's own files together take the space that the operator gave each person."""

    code = "upload_share_full"
    status = 507


class UploadLengthWrong(ChatError):
    """Fewer or more bytes came than were announced."""

    code = "upload_length_wrong"


class UploadOffsetWrong(ChatError):
    """The part does not go on where the last one ended; `offset` (bytes) says where that is."""

    code = "upload_offset_wrong"
    status = 409


class UploadPartTooSmall(ChatError):
    """A part that is not the last one has at least `min_bytes`: each is an object of its own until all are there."""

    code = "upload_part_too_small"


class UploadMismatch(ChatError):
    """Another file was announced under this client id before."""

    code = "upload_mismatch"
    status = 409


class UploadNotFound(ChatError):
    """No such file, or one this person may not see: never tell which."""

    code = "upload_not_found"
    status = 404


class UploadAttached(ChatError):
    """It belongs to a message, and goes with that one."""

    code = "upload_attached"
    status = 409


class UploadAltTooLong(ChatError):
    """What is said that a file shows is longer than `max_chars`."""

    code = "upload_alt_too_long"


class UploadInfected(ChatError):
    """A virus scanner found something in the file; its bytes are gone."""

    code = "upload_infected"
    status = 422


class UploadTooLargeToScan(ChatError):
    """The virus scanner takes no file of that size, and none goes past it."""

    code = "upload_too_large_to_scan"
    status = 413


class TooManyUploads(ChatError):
    code = "too_many_uploads"


class TooManyUnsent(ChatError):
    """Of one's files that are in no message yet there are `max_count`; after a day they go by themselves."""

    code = "too_many_unsent"
    status = 409


class RangeWrong(ChatError):
    """None of the bytes that are asked for exist; `size` says how many there are."""

    code = "range_wrong"
    status = 416


class StoreMostlyUnknown(ChatError):
    """Of `total` things in the store the database knows all but `unknown`, which are most: is it another's?"""

    code = "store_mostly_unknown"
    status = 409


class StorageFull(ChatError):
    """The disk has no space left."""

    code = "storage_full"
    status = 507


class StorageUnavailable(ChatError):
    """What holds the files does not answer just now; `retry_after` (seconds) says when to try again."""

    code = "storage_unavailable"
    status = 503
