"""A picture without its metadata is the same picture. What is no picture breaks nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops, ImageOps

from chatapp.images.beginning import SIZE_BYTES
from chatapp.images.formats import FORMATS, blanked, size_of
from chatapp.images.pieces import Damaged
from chatapp.media_types import PERSONAL
from tests.files import PNG
from tests.pictures import SECRETS, SRGB, TYPES, animation, bomb, opened, photo

each_kind = pytest.mark.parametrize("kind", TYPES)


def cleaned(data: bytes, kind: str) -> bytes:
    return b"".join(FORMATS[TYPES[kind]].cleaned(data))


@pytest.mark.asvs("14.2.4")
@each_kind
def test_nothing_is_left_of_place_time_and_camera(kind: str) -> None:  # behaviour 58
    data = photo(kind)
    told = [each for each in SECRETS if each in data]
    assert told
    clean = cleaned(data, kind)
    assert [each for each in told if each in clean] == []
    exif = opened(clean).getexif()
    assert (set(exif), exif.get_ifd(0x8825)) == (set() if kind == "GIF" else {0x0112}, {})


def test_all_that_is_personal_is_cleaned() -> None:
    assert set(FORMATS) == set(PERSONAL)


@each_kind
@pytest.mark.parametrize("turned", [1, 3, 6])
def test_every_pixel_its_turn_and_its_colours_stay(kind: str, turned: int) -> None:
    before, after = opened(data := photo(kind, turned=turned)), opened(cleaned(data, kind))
    assert ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox() is None
    assert ImageOps.exif_transpose(after).size == ImageOps.exif_transpose(before).size
    assert after.info.get("icc_profile") == (None if kind == "GIF" else SRGB)


@each_kind
def test_what_was_cleaned_stays_as_it_is(kind: str) -> None:
    clean = cleaned(photo(kind), kind)
    assert cleaned(clean, kind) == clean


def test_an_animation_goes_on_for_ever() -> None:
    before, after = opened(data := animation()), opened(cleaned(data, "GIF"))
    assert (getattr(after, "n_frames", 0), after.info["loop"]) == (getattr(before, "n_frames", 1), 0)
    assert b"secret comment" not in cleaned(data, "GIF")


@each_kind
def test_what_hides_behind_a_picture_goes(kind: str) -> None:
    clean = cleaned(photo(kind) + b"PK\x03\x04<script>a film, with its place</script>", kind)
    assert b"script" not in clean
    assert opened(clean).size == (640, 480)


@each_kind
def test_a_picture_that_breaks_off_keeps_no_secrets_either(kind: str) -> None:
    data = photo(kind)
    for length in range(20, len(data), 97):
        try:
            clean = cleaned(data[:length], kind)
        except Damaged:
            clean = b"".join(blanked(data[:length], TYPES[kind]))
            assert len(clean) == length
        assert [each for each in SECRETS if each in clean] == [], length


@each_kind
@pytest.mark.parametrize("turned", [1, 6])
def test_its_size_is_known_before_it_is_decoded(kind: str, turned: int) -> None:
    expected = (480, 640) if turned == 6 and kind != "GIF" else (640, 480)
    assert size_of(photo(kind, turned=turned)[:SIZE_BYTES], TYPES[kind]) == expected


@pytest.mark.parametrize("lossless", [True, False])
def test_the_size_of_a_plain_webp_is_known(lossless: bool) -> None:
    from io import BytesIO

    file = BytesIO()
    opened(PNG).convert("RGB").resize((31, 17)).save(file, "WEBP", lossless=lossless)
    assert size_of(file.getvalue(), "image/webp") == (31, 17)


def test_a_size_that_is_not_said_is_none() -> None:
    assert size_of(b"hello", "text/plain") is None
    assert size_of(photo()[:400], "image/jpeg") is None
    assert size_of(bomb(0, 7), "image/png") is None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("JPEG", b"\xff\xd8\xff<script>"),
        ("JPEG", b"\xff\xd8\xff\xe1\0\0"),
        ("JPEG", b"\xff\xd8nothing"),
        ("PNG", PNG[:8] + b"\0\0\0\0<svg\0\0\0\0"),
        ("PNG", PNG[:8] + PNG[33:]),
        ("GIF", b"GIF89a/*\0*/=1;alert(1)"),
        ("GIF", b"GIF89a\1\0\1\0\0\0\0#!/bin/sh"),
        ("WEBP", b"RIFF\x20\0\0\0WEBPhtml\4\0\0\0<b>!"),
        ("WEBP", b"RIFF\x04\0\0\0WEBP"),
    ],
)
def test_what_only_begins_like_a_picture_is_said(kind: str, data: bytes) -> None:
    with pytest.raises(Damaged):
        cleaned(data, kind)


@each_kind
@given(noise=st.binary(max_size=300), at=st.integers(0, 2_000))
def test_no_bytes_break_it(kind: str, noise: bytes, at: int) -> None:
    data = _PHOTOS[kind]
    spoilt = data[:at] + noise + data[at + len(noise) :]
    size_of(spoilt, TYPES[kind])
    try:
        clean = cleaned(spoilt, kind)
    except Damaged:
        return
    assert len(clean) <= len(spoilt) + 64


_PHOTOS = {kind: photo(kind, (40, 30)) for kind in TYPES}


@pytest.mark.asvs("15.2.2")
def test_a_jpeg_of_nothing_but_filling_keeps_nobody_waiting() -> None:
    filling = b"\xff\xd8" + b"\xff" * SIZE_BYTES
    began = time.process_time()
    assert size_of(filling, "image/jpeg") is None
    assert list(FORMATS["image/jpeg"].telling(filling)) == []
    assert time.process_time() - began < 2  # once it was a minute, in which a worker did nothing else
