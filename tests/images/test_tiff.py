"""TIFF files, raw pictures among them, tell nothing of place, time and people, and are the same pictures."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatapp.images.directories import directories
from chatapp.images.formats import blanked
from chatapp.images.pieces import Damaged
from chatapp.images.tiff import cleaned_tiff
from tests.pictures import CAMERA, SECRETS, opened, photo
from tests.tiffs import PIXELS, SENSOR, directory, tiff

both_orders = pytest.mark.parametrize("order", ["<", ">"])


def cleaned(data: bytes) -> bytes:
    return b"".join(cleaned_tiff(data))


def left_in(data: bytes) -> list[bytes]:
    """The secrets that it still tells."""
    return [each for each in SECRETS if each in data]


@pytest.mark.asvs("14.2.4")
@both_orders
def test_nothing_is_left_of_place_time_and_people_and_every_pixel_stays(order: str) -> None:
    data = tiff(order)
    assert sorted(left_in(data)) == sorted(SECRETS)
    clean = cleaned(data)
    assert (left_in(clean), len(clean)) == ([], len(data))
    image = opened(clean)
    assert (image.size, image.tobytes()) == ((2, 2), PIXELS)
    assert image.getexif().get_ifd(0x8825) == {}
    assert image.getexif()[315].strip("\0") == ""
    assert cleaned(clean) == clean


@both_orders
def test_a_raw_picture_keeps_what_it_is_developed_by(order: str) -> None:
    clean = cleaned(tiff(order, SENSOR))
    assert left_in(clean) == [CAMERA.encode()]
    assert b"note of " + CAMERA.encode() in clean


def test_the_small_picture_in_it_tells_nothing_either() -> None:
    clean = cleaned(tiff() + photo())
    assert left_in(clean) == [b"secret comment"]  # of the JPEG: it says nothing of who is where
    assert opened(clean[len(tiff()) :]).getexif().get(271) is None


def test_one_for_very_large_pictures_loses_the_same() -> None:
    file = BytesIO()
    Image.new("L", (30, 20)).save(file, "TIFF", big_tiff=True, tiffinfo={315: CAMERA})
    data = file.getvalue()
    assert (data[:4], left_in(data)) == (b"II+\0", [CAMERA.encode()])
    assert (left_in(cleaned(data)), opened(cleaned(data)).size) == ([], (30, 20))


@both_orders
def test_one_that_breaks_off_tells_nothing_either(order: str) -> None:
    data = tiff(order)
    for length in range(9, len(data)):
        clean = b"".join(blanked(data[:length], "image/tiff"))
        assert (left_in(clean), len(clean)) == ([], length), length


@pytest.mark.parametrize(
    "data",
    [
        b"II*\0",
        b"II*\0\xff\xff\0\0",
        b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**63),
        b"II*\0\x08\0\0\0" + directory({330: (4, bytes(400_000))}, 8, "<"),
    ],
)
def test_what_leads_nowhere_is_told(data: bytes) -> None:
    with pytest.raises(Damaged):
        cleaned(data)


def test_a_directory_that_leads_to_itself_is_read_once() -> None:
    data = b"II*\0\x08\0\0\0" + directory({315: (2, b"Ed\0")}, 8, "<", following=8)
    assert len(list(directories(data))) == 1


@given(noise=st.binary(max_size=100), at=st.integers(0, 700))
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    spoilt = _TIFF[:at] + noise + _TIFF[at + len(noise) :]
    assert len(b"".join(blanked(spoilt, "image/tiff"))) == len(spoilt)
    try:
        clean = cleaned(spoilt)
    except Damaged:
        return
    assert len(clean) == len(spoilt)


_TIFF = tiff()
