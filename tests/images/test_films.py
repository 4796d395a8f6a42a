"""Films do not tell where they were taken, and by what; nothing that they show moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.images.boxes import boxes
from chatapp.images.films import cleaned_film
from chatapp.images.formats import blanked
from chatapp.images.pieces import Damaged
from tests.films import FRAMES, PLACE, box, film
from tests.pictures import SECRETS

TOLD = (*SECRETS, PLACE)


def cleaned(data: bytes) -> bytes:
    return b"".join(cleaned_film(data))


def left_in(data: bytes) -> list[bytes]:
    """What it still tells."""
    return [each for each in TOLD if each in data]


def names(data: bytes) -> list[bytes]:
    return [each.name for each in boxes(data, 0, len(data))]


@pytest.mark.asvs("14.2.4")
@pytest.mark.parametrize("is_long", [False, True])
def test_nothing_is_left_of_place_time_and_camera_and_nothing_moves(is_long: bool) -> None:
    data = film(is_long=is_long)
    assert sorted(left_in(data)) == sorted(TOLD)
    clean = cleaned(data)
    assert left_in(clean) == []
    assert (len(clean), clean.index(FRAMES)) == (len(data), data.index(FRAMES))
    assert names(clean) == [b"ftyp", b"moov", b"free", b"free", b"mdat"]
    movie = next(each for each in boxes(clean, 0, len(clean)) if each.name == b"moov")
    assert [each.name for each in boxes(clean, movie.start, movie.stop)] == [b"mvhd", b"trak", b"free", b"free"]
    assert cleaned(clean) == clean


def test_one_that_tells_nothing_stays_as_it_is() -> None:
    assert cleaned(film(is_telling=False)) == film(is_telling=False)


def test_boxes_of_others_stay() -> None:
    data = film(is_telling=False) + box(b"uuid", bytes(16) + b"protected") + box(b"sidx", b"where what is")
    assert cleaned(data) == data


def test_what_is_in_the_frames_is_no_metadata() -> None:
    data = film(is_telling=False) + box(b"mdat", box(b"udta", b"a frame"))
    assert cleaned(data) == data


@pytest.mark.asvs("14.2.4")
def test_one_that_breaks_off_tells_nothing_either() -> None:
    data = film()
    for length in range(9, len(data)):
        try:
            clean = cleaned(data[:length])
        except Damaged:
            clean = b"".join(blanked(data[:length], "video/mp4"))
        assert (left_in(clean), len(clean)) == ([], length), length


@pytest.mark.parametrize("noise", [b"\0\0\0\x02moov", b"\0\0\0\1moov\0\0\0\0\0\0\0\0"])
def test_where_its_boxes_cannot_be_read_its_places_go_all_the_same(noise: bytes) -> None:
    loci = box(b"loci", bytes(6) + b"\0\0\x0d\x61\0\x34\x84\x84")
    data = box(b"ftyp", b"isom") + noise + film()[24:] + loci
    with pytest.raises(Damaged):
        cleaned(data)
    clean = b"".join(blanked(data, "video/mp4"))
    assert (PLACE[:8] in clean, b"\x0d\x61\0\x34" in clean, b"xmpmeta" in clean) == (False, False, False)
    assert len(clean) == len(data)


@given(noise=st.binary(max_size=100), at=st.integers(0, 700))
def test_no_bytes_break_it(noise: bytes, at: int) -> None:
    spoilt = _FILM[:at] + noise + _FILM[at + len(noise) :]
    assert len(b"".join(blanked(spoilt, "video/mp4"))) == len(spoilt)
    try:
        clean = cleaned(spoilt)
    except Damaged:
        return
    assert len(clean) == len(spoilt)


_FILM = film()
