"""What looks like metadata is found wherever it stands."""

import time

import pytest

from chatapp.images.metadata import announced_metadata_in, metadata_in
from chatapp.images.pieces import STEP_BYTES, Stretch, overwritten
from tests.pictures import SECRETS, XMP, photo
from tests.tiffs import tiff

BEFORE, AFTER = b"\0\1\2\3 before", b"after \xff\xfe"
IPTC = b"8BIM\x04\x04\0\0\0\0\0\x0esecret comment"
PACKET = b"<?xpacket begin=''?>" + XMP + b"<?xpacket end='w'?>"


def without(data: bytes) -> bytes:
    return b"".join(overwritten(data, metadata_in(data)))


@pytest.mark.parametrize("data", [XMP, PACKET, IPTC, b"Exif\0\0" + tiff(), tiff(">"), XMP.replace(b"x:", b"")])
def test_it_is_overwritten_and_what_is_around_it_stays(data: bytes) -> None:
    clean = without(BEFORE + data + AFTER)
    assert [each for each in SECRETS if each in clean] == []
    assert (len(clean), clean.startswith(BEFORE), clean.endswith(AFTER)) == (len(BEFORE + data + AFTER), True, True)


@pytest.mark.parametrize("data", [XMP, b"Exif\0\0" + tiff()])
def test_what_breaks_off_is_overwritten_to_the_end(data: bytes) -> None:
    for length in range(len(data)):
        clean = without(BEFORE + data[:length])
        assert [each for each in SECRETS if each in clean] == [], length


def test_a_picture_in_something_else_tells_no_place_and_no_camera() -> None:
    clean = without(BEFORE + photo() + AFTER)
    assert [each for each in SECRETS if each in clean] == [b"secret comment"]


@pytest.mark.parametrize(
    "data", [b"", b"II*\0", b"MM\0*\0\0\0\x08\0\1\xff\xff\xff\xff\0\0\0\1    ", b"an Exif and <b>"]
)
def test_what_only_looks_so_stays(data: bytes) -> None:
    assert without(BEFORE + data) == BEFORE + data


def test_a_small_tiff_that_nobody_announces_stays_where_only_others_are_asked_for() -> None:
    data = BEFORE + tiff().replace(XMP, bytes(len(XMP)))
    assert list(announced_metadata_in(data)) == []


def test_stretches_may_cross_and_reach_beyond_the_end() -> None:
    stretches = [Stretch(6, 99, b"xy", b"-"), Stretch(1, 3, b"free"), Stretch(2, 5), Stretch(20, 30)]
    assert b"".join(overwritten(b"0123456789", stretches)) == b"0fr\0\x005xy--"


def test_little_of_a_large_film_is_in_memory_at_once() -> None:
    film = bytes(5 * STEP_BYTES)
    pieces = list(overwritten(film, [Stretch(STEP_BYTES, 4 * STEP_BYTES, b"free")]))
    assert max(map(len, pieces)) == STEP_BYTES
    assert b"".join(pieces) == film[:STEP_BYTES] + b"free" + film[STEP_BYTES + 4 :]


def test_a_file_of_nothing_but_beginnings_takes_no_long_time() -> None:
    data = b"II*\0\x08\0\0\0" * 100_000
    began = time.process_time()
    assert without(data) == data
    assert time.process_time() - began < 10  # and not an hour
