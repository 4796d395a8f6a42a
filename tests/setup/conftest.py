import os
from pathlib import Path

import pytest

from tests.setup.clone import Clone, cloned_into

NOBODY_ANSWERS = "http://127.0.0.1:9/simple"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return cloned_into(tmp_path / "clone", home=tmp_path / "home")


@pytest.fixture
def clone_without_network(clone: Clone) -> Clone:
    clone.env |= {"PIP_INDEX_URL": NOBODY_ANSWERS, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    clone.env |= {"npm_config_registry": NOBODY_ANSWERS, "npm_config_fetch_retries": "0"}
    return clone


@pytest.fixture
def no_programs(tmp_path: Path) -> str:
    """A PATH on which nothing is found."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return str(folder)
