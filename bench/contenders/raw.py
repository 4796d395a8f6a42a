"""The floor."""

from typing import ClassVar

from bench.contenders.contender import Program


class Raw(Program):
    """One Python process that does nothing but `send` a finished frame to each recipient."""

    name: ClassVar = "raw"
