"""How large a picture is, its beginning says: of a JPEG, however much stands before that."""

import struct
import time

import pytest

from chatapp.images.beginning import SIZE_BYTES, WALK_SEGMENTS, Beginning
from tests.files import in_steps
from tests.pictures import TYPES, photo, segment, with_large_head

JPEG = "image/jpeg"


def size_in(data: bytes, media_type: str = JPEG, *, step: int = 65_536) -> tuple[int, int] | None:
    beginning = Beginning()
    for chunk in in_steps(data, step):
        beginning.take(chunk)
    return beginning.size(media_type)


@pytest.mark.parametrize("kind", TYPES)
def test_the_first_bytes_of_a_picture_say_its_size(kind: str) -> None:
    expected = (640, 480) if kind == "GIF" else (480, 640)
    assert size_in(photo(kind), TYPES[kind]) == expected
    assert size_in(photo(kind) + bytes(SIZE_BYTES), TYPES[kind]) == expected


@pytest.mark.parametrize("step", [1000, 65_536, 3 * 2**20])
@pytest.mark.parametrize("size", [SIZE_BYTES, 2 * 2**20])
@pytest.mark.parametrize(("turned", "expected"), [(1, (640, 480)), (6, (480, 640))])
def test_a_jpeg_says_it_behind_a_large_head(size: int, step: int, turned: int, expected: tuple[int, int]) -> None:
    data = with_large_head(photo(turned=turned), size)
    assert data.index(struct.pack(">HBHH", 17, 8, 480, 640)) > size
    assert size_in(data, step=step) == expected


def test_its_turn_is_known_where_it_is_said_behind_that_too() -> None:
    data = photo(turned=6)
    exif = data.index(b"\xff\xe1")
    large = data[:exif] + segment(0xFE, bytes(60_000)) * 10 + data[exif:]
    assert size_in(large) == (480, 640)


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_it_does_not_matter_where_the_steps_cut_it(step: int) -> None:
    data = with_large_head(photo(), SIZE_BYTES)
    beginning = Beginning()
    beginning.take(data[: SIZE_BYTES - 100])
    for chunk in in_steps(data[SIZE_BYTES - 100 :], step):
        beginning.take(chunk)
    assert beginning.size(JPEG) == (480, 640)


def test_what_is_no_jpeg_or_breaks_off_says_none() -> None:
    data = with_large_head(photo())
    for each in (data[: 2**20], data[:SIZE_BYTES], bytes(2 * SIZE_BYTES), b"\xff\xd8" + b"\xff" * 2 * SIZE_BYTES):
        assert size_in(each) is None
    assert size_in(data, "image/png") is None


def test_one_of_segments_alone_is_followed_only_so_far() -> None:
    tiny, frame = segment(0xFE, b""), segment(0xC0, struct.pack(">BHHB", 8, 480, 640, 3) + bytes(9))
    profile = segment(0xE2, bytes(60_000)) * 3
    assert size_in(b"\xff\xd8" + profile + tiny * (WALK_SEGMENTS - 10) + frame) == (640, 480)
    began = time.process_time()
    assert size_in(b"\xff\xd8" + profile + tiny * 2_000_000 + frame) is None
    assert time.process_time() - began < 2


def test_a_row_of_nothing_but_filling_is_passed_over_at_once() -> None:
    data = b"\xff\xd8" + b"\xff" * (SIZE_BYTES - 100) + photo(turned=1)[2:]
    began = time.process_time()
    assert size_in(b"\xff\xd8" + b"\xff" * 8 * 2**20) is None
    assert size_in(data) == (640, 480)
    assert time.process_time() - began < 5


def test_little_of_it_is_kept() -> None:
    beginning, data = Beginning(), with_large_head(photo(), 7 * 2**20)
    for chunk in in_steps(data):
        beginning.take(chunk)
        assert beginning._walk is None or len(beginning._walk._here) + len(beginning._walk.kept) < 200_000  # noqa: SLF001
    assert beginning.size(JPEG) == (480, 640)


def test_of_a_head_that_says_its_turn_again_and_again_little_is_kept() -> None:
    turn = segment(0xE1, b"Exif\0\0" + bytes(65_000))
    beginning = Beginning()
    beginning.take(b"\xff\xd8")
    for _ in range(200):
        beginning.take(turn)
        assert beginning._walk is None or len(beginning._walk._here) + len(beginning._walk.kept) < 200_000  # noqa: SLF001
