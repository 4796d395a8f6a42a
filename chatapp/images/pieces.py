"""What the formats of pictures have in common: each is a row of pieces."""

from typing import Protocol


class Damaged(Exception):
    """The bytes are not what their beginning says."""


class Bytes(Protocol):
    """Bytes, or a file that is mapped into memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, where: slice, /) -> bytes: ...
