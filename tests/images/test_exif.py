"""Of a picture's EXIF data only its turn stays."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chatapp.images.exif import UPRIGHT, orientation_alone, orientation_in

MANY = struct.pack(">4sIH", b"MM\0*", 8, 60_000)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("endian", ["<", ">"])
def test_a_turn_is_read_however_it_is_written(orientation: int, endian: str) -> None:
    exif = Image.Exif()
    exif.endian = endian
    exif[0x010F], exif[0x0112] = "camera", orientation
    assert orientation_in(exif.tobytes().removeprefix(b"Exif\0\0")) == orientation


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turn_alone_is_what_everybody_else_reads(orientation: int) -> None:
    exif = Image.Exif()
    exif.load(orientation_alone(orientation))
    assert dict(exif) == {0x0112: orientation}


@pytest.mark.parametrize("data", [b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", MANY, orientation_alone(6)[:-9]])
def test_what_is_broken_stands_upright(data: bytes) -> None:
    assert orientation_in(data) == UPRIGHT


def test_a_turn_that_does_not_exist_is_none() -> None:
    assert orientation_in(orientation_alone(9)) == UPRIGHT


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    assert orientation_in(b"II*\0" + data) in range(1, 9)
