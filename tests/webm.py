"""A film made of nothing but bytes: WebM, whose pictures are those of WebP, which holds what VP8 calls a key frame."""

import io
import struct

from PIL import Image

WIDTH, HEIGHT = 160, 120
FRAMES_A_SECOND = 4


def film(seconds: int) -> bytes:
    """So long a film, dark in its first half and bright in its second, in which one can go to any second."""
    dark, bright = (_frame(shade) for shade in (40, 220))
    clusters = [_cluster(second, dark if 2 * second < seconds else bright) for second in range(seconds)]
    before = _info(seconds) + _track()
    # How long it is does not depend on what it says, so it can say where the clusters are that come after it.
    begins = len(before) + len(_cues([0] * seconds))
    places = [begins + sum(map(len, clusters[:second])) for second in range(seconds)]
    segment = before + _cues(places) + b"".join(clusters)
    return _head() + _element("18538067", segment)


def _frame(shade: int) -> bytes:
    picture = io.BytesIO()
    noise = Image.effect_noise((WIDTH, HEIGHT), 40).point(lambda value: value // 8 + shade - 16)
    noise.convert("RGB").save(picture, "WEBP", quality=80)
    data = picture.getvalue()
    assert data[12:16] == b"VP8 "
    return data[20 : 20 + struct.unpack("<I", data[16:20])[0]]


def _element(name: str, data: bytes) -> bytes:
    size = bytes([0x80 | len(data)]) if len(data) < 127 else (1 << 56 | len(data)).to_bytes(8)
    return bytes.fromhex(name) + size + data


def _number(name: str, number: int, length: int = 8) -> bytes:
    return _element(name, number.to_bytes(length))


def _head() -> bytes:
    versions = _number("4286", 1, 1) + _number("42f7", 1, 1) + _number("42f2", 4, 1) + _number("42f3", 8, 1)
    return _element("1a45dfa3", versions + _element("4282", b"webm") + _number("4287", 2, 1) + _number("4285", 2, 1))


def _info(seconds: int) -> bytes:
    length = _element("4489", struct.pack(">d", seconds * 1000))  # in milliseconds, as the scale says
    return _element("1549a966", _number("2ad7b1", 1_000_000) + length + _element("4d80", b"t") + _element("5741", b"t"))


def _track() -> bytes:
    picture = _element("e0", _number("b0", WIDTH) + _number("ba", HEIGHT))
    track = _number("d7", 1, 1) + _number("73c5", 1, 1) + _number("83", 1, 1) + _element("86", b"V_VP8") + picture
    return _element("1654ae6b", _element("ae", track))


def _cluster(second: int, frame: bytes) -> bytes:
    times = (number * 1000 // FRAMES_A_SECOND for number in range(FRAMES_A_SECOND))
    blocks = (_element("a3", b"\x81" + struct.pack(">hB", time, 0x80) + frame) for time in times)
    return _element("1f43b675", _number("e7", second * 1000) + b"".join(blocks))


def _cues(places: list[int]) -> bytes:
    points = (
        _element("bb", _number("b3", second * 1000) + _element("b7", _number("f7", 1, 1) + _number("f1", place)))
        for second, place in enumerate(places)
    )
    return _element("1c53bb6b", b"".join(points))
