"""What writes the numbers for a monitoring, and what that costs."""

import json
import subprocess
import sys

import pytest

from chatapp.config import ROOT
from tests.support import SECRET

TOKEN = "a-token-of-the-tests"
# What an update does to the packages of a server that runs: from then on none can be imported any more.
LOADED = """
import json, sys
from chatapp import config, create_app
app = create_app(config.load())
is_loaded, client = "prometheus_client" in sys.modules, app.test_client()
client.get("/up")  # the client itself looks for a package then
sys.path[:] = [path for path in sys.path if "site-packages" not in path]
asked = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-the-tests"})
print(json.dumps([is_loaded, asked.status_code == 200]))
"""


@pytest.mark.parametrize(("token", "said"), [("", [False, False]), (TOKEN, [True, True])])
def test_it_is_loaded_at_the_start_by_those_alone_who_have_a_monitoring(token: str, said: list[bool]) -> None:
    environ = {"DATABASE_URL": "sqlite:///never-opened.db", "SECRET_KEY": SECRET, "METRICS_TOKEN": token}
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert json.loads(run.stdout) == said, run.stderr
