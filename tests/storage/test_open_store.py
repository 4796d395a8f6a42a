"""Which store the settings name, and what that costs."""

import json
import subprocess
import sys

import pytest

from chatapp.config import ROOT
from chatapp.storage import open_store
from tests.support import SECRET, test_settings

LOADED = """
import json, sys
from chatapp import config, create_app
create_app(config.load())
print(json.dumps([name in sys.modules for name in ("boto3", "botocore")]))
"""


@pytest.mark.parametrize(
    ("url", "is_loaded"),
    [("file:///srv/files", False), ("db:", False), ("s3://files?endpoint=http://127.0.0.1:9", True)],
)
def test_boto3_is_loaded_by_those_alone_who_have_a_bucket(url: str, is_loaded: bool) -> None:
    environ = {"DATABASE_URL": "sqlite:///never-opened.db", "SECRET_KEY": SECRET, "STORAGE_URL": url}
    said = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert json.loads(said.stdout) == [is_loaded, is_loaded], said.stderr


def test_of_the_database_the_application_makes_a_store_by_itself() -> None:
    assert open_store(test_settings("sqlite:///never-opened.db", storage_url="db:")) is None
