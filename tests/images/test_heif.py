"""HEIC and AVIF are downloads, and yet do not tell where they were taken."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from chatapp.images.formats import blanked
from chatapp.images.heif import cleaned_heif
from chatapp.images.pieces import Damaged
from tests.films import box
from tests.pictures import SECRETS, opened, photo


def cleaned(data: bytes) -> bytes:
    return b"".join(cleaned_heif(data))


@pytest.mark.asvs("14.2.4")
def test_nothing_is_left_of_place_time_and_camera_and_every_pixel_stays() -> None:
    data = photo("AVIF")
    assert [each for each in SECRETS if each in data]
    clean = cleaned(data)
    assert [each for each in SECRETS if each in clean] == []
    assert len(clean) == len(data)
    before, after = opened(data), opened(clean)
    assert ImageChops.difference(before, after).getbbox() is None
    assert after.size == before.size


def test_one_that_tells_nothing_stays_as_it_is() -> None:
    file = BytesIO()
    Image.new("RGB", (30, 20)).save(file, "AVIF")
    assert cleaned(file.getvalue()) == file.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\x18ftypheic", b"\0\0\0\x10ftypheic\0\0\0\0", b"\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x04meta"]
)
def test_what_does_not_say_what_it_is_made_of_is_told(data: bytes) -> None:
    with pytest.raises(Damaged):
        cleaned(data)


@pytest.mark.parametrize("name", [b"meta", b"iloc", b"iinf"])
def test_what_nobody_can_take_apart_is_cleaned_all_the_same(name: bytes) -> None:
    data = photo("AVIF").replace(name, b"junk", 1)
    with pytest.raises(Damaged):
        cleaned(data)
    clean = b"".join(blanked(data, "image/avif"))
    assert ([each for each in SECRETS if each in clean], len(clean)) == ([], len(data))


def test_one_that_breaks_off_keeps_no_secrets_either() -> None:
    data = photo("AVIF")
    for length in range(20, len(data), 97):
        try:
            clean = cleaned(data[:length])
        except Damaged:
            clean = b"".join(blanked(data[:length], "image/avif"))
        assert [each for each in SECRETS if each in clean] == [], length


def test_a_row_of_pictures_that_is_a_film_tells_nothing_either() -> None:
    data = box(b"ftyp", b"hevc\0\0\0\0msf1") + box(b"moov", box(b"udta", b"secret comment"))
    assert cleaned(data) == data.replace(b"udta", b"free").replace(b"secret comment", bytes(14))


@given(noise=st.binary(max_size=200), at=st.integers(0, 800))
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    spoilt = _PHOTO[:at] + noise + _PHOTO[at + len(noise) :]
    try:
        clean = cleaned(spoilt)
    except Damaged:
        return
    assert len(clean) == len(spoilt)


_PHOTO = photo("AVIF", (40, 30))
