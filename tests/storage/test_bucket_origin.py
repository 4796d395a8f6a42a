"""Where pages may fetch files from."""

import pytest

from chatapp.storage import bucket_origin
from tests.support import test_settings


@pytest.mark.parametrize(
    ("url", "seconds", "origin"),
    [
        ("file:///srv/files", 60, ""),
        ("db:", 60, ""),
        ("s3://files?endpoint=https://s3.example.org:9000/x", 60, "https://s3.example.org:9000"),
        ("s3://files?endpoint=https://s3.example.org", 0, ""),
        ("s3://files?region=eu-west-1", 60, "https://*.amazonaws.com"),
    ],
)
def test_pages_may_fetch_files_from_the_bucket_that_links_lead_to(url: str, seconds: int, origin: str) -> None:
    settings = test_settings("sqlite:///never-opened.db", storage_url=url, storage_link_seconds=seconds)
    assert bucket_origin(settings) == origin
