"""socket.io on Node.js."""

from collections.abc import Sequence
from typing import ClassVar

from bench.contenders.contender import Missing, Program
from bench.load.generator import ROOT
from tests.parts.found import PartMissing
from tests.parts.node import node

PACKAGES = ROOT / ".venv" / "bench" / "node_modules"  # bin/bench_peers puts them there


class Node(Program):
    """socket.io, which relays."""

    name: ClassVar = "node"

    def command(self) -> Sequence[str]:
        """What serves. Raises Missing."""
        if not (PACKAGES / "socket.io").is_dir():
            raise Missing("its package is not there: `bin/setup --bench` fetches it")
        try:
            return [str(node().path), str(ROOT / "bench" / "node" / "relay.js")]
        except PartMissing as error:
            raise Missing(str(error)) from error

    def environment(self) -> dict[str, str]:
        """Where its packages are: beside Python's, so that no node_modules stands in the tree."""
        return {"NODE_PATH": str(PACKAGES)}
