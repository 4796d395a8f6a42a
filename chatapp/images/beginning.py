"""The beginning of a file while it comes: what says how large a picture it is."""

from chatapp.images.formats import size_of
from chatapp.images.jpeg import APP1, APPS, COM, EXIF, FRAMES, MARKER, SHOWING, SOI, SOS

SIZE_BYTES = 131_072  # in which every format but JPEG has said its size
# A JPEG says it behind whatever cameras and programs write: colour profiles, further pictures, megabytes of them. So
# far one is followed, and over so many segments, since each is work: that is 256 for the longest of profiles.
WALK_BYTES = 8 * 2**20
WALK_SEGMENTS = 1000

_START = bytes([0xFF, SOI])
_KNOWN_BYTES = 4 + len(EXIF)  # of a segment: marker, length, and what it begins with


class Beginning:
    """The first SIZE_BYTES of a file; of a JPEG that says no more in them, also the way from there to its frame."""

    def __init__(self) -> None:
        self.head = b""
        self._walk: _Walk | None = None

    def take(self, chunk: bytes) -> None:
        """Add the next bytes."""
        if len(self.head) < SIZE_BYTES:
            self.head += (taken := chunk[: SIZE_BYTES - len(self.head)])
            chunk = chunk[len(taken) :]
            if len(self.head) == SIZE_BYTES and self.head.startswith(_START):
                self._walk = _Walk()
                self._walk.take(self.head[len(_START) :])
        if self._walk:
            self._walk.take(chunk)

    def size(self, media_type: str) -> tuple[int, int] | None:
        """Width and height of the picture as it is seen, where it says so; it may lie."""
        size = size_of(self.head, media_type)
        return size_of(bytes(self._walk.kept), media_type) if size is None and self._walk else size


class _Walk:
    """From segment to segment of a JPEG, as far as its frame. `kept` is a JPEG of what says its size and its turn."""

    def __init__(self) -> None:
        self.kept = bytearray(_START)
        self._here = bytearray()  # of the segment that has begun; of what is passed over, nothing
        self._has_turn = False
        self._skip = 0
        self._left_bytes, self._left_segments = WALK_BYTES, WALK_SEGMENTS

    def take(self, chunk: bytes) -> None:
        if self._is_over:
            return
        self._left_bytes -= len(chunk)
        skipped = min(self._skip, len(chunk))
        self._skip -= skipped
        self._here += chunk[skipped:]
        while not self._is_over and self._step():
            self._left_segments -= 1

    @property
    def _is_over(self) -> bool:
        return self._left_bytes <= 0 or self._left_segments <= 0

    def _step(self) -> bool:
        """Past the segment that stands here. False while more of it has to come."""
        found = MARKER.search(self._here)
        del self._here[: found.end() - 2 if found else -1]
        if len(self._here) < _KNOWN_BYTES:
            return False
        marker, length = self._here[1], 2 + int.from_bytes(self._here[2:4], "big")
        is_exif = marker == APP1 and self._here.startswith(EXIF, 4)
        # Of what says the turn the first counts: more of them are a head that wants our memory.
        is_kept = marker in FRAMES or (is_exif and not self._has_turn)
        if is_kept and len(self._here) < length:
            return False
        if is_kept:
            self.kept += self._here[:length]
            self._has_turn |= is_exif
        if marker in FRAMES or marker == SOS or not (marker in APPS or marker in SHOWING or marker == COM):
            self._left_segments = 0
        self._skip = max(0, length - len(self._here))
        del self._here[:length]
        return True
