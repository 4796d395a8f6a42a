"""The bytes of files, by keys of ours: put, open, delete. Who may see them is not known here.

On disk and in an S3-compatible bucket; the third backend needs SQL, and stands in `models/stored_chunk.py`.
"""

from urllib.parse import parse_qs, urlsplit

from chatapp.config import Settings
from chatapp.storage.contract import Held, Link, Store, Stored, new_key

__all__ = ["Held", "Link", "Store", "Stored", "bucket_origin", "new_key", "open_store"]


def open_store(settings: Settings) -> Store | None:
    """The store that the settings name; None for `db:`. Raises ConfigError for one that cannot be read."""
    # Here and not above: boto3 takes 20 MB and a third of a second, which nobody pays who has no bucket.
    if settings.storage_url.startswith("file:"):
        from chatapp.storage.disk import DiskStore

        return DiskStore.at(settings.storage_url)
    if settings.storage_url.startswith("s3:"):
        from chatapp.storage.s3 import S3Store

        return S3Store.at(settings)
    return None


def bucket_origin(settings: Settings) -> str:
    """Where signed links send browsers for files, as a source of a page's policy; empty when files come from us."""
    url = urlsplit(settings.storage_url)
    if url.scheme != "s3" or not settings.storage_link_seconds:
        return ""
    endpoint = urlsplit(parse_qs(url.query).get("endpoint", [""])[-1])
    # Without an endpoint it is Amazon's, where one bucket has many names.
    return f"{endpoint.scheme}://{endpoint.netloc}" if endpoint.netloc else "https://*.amazonaws.com"
