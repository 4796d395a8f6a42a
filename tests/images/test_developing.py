"""A process of its own looks at each picture: what a hostile one does, it does to that one alone."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from chatapp.images import developing
from chatapp.images.developing import Interrupted, cleaned_alone, developed
from chatapp.images.thumbnails import BOX, MAX_PIXELS, make_thumbnail
from tests.files import PNG
from tests.pictures import CAMERA, SECRETS, TYPES, animation, bomb, burner, opened, photo, with_large_head
from tests.together import eventually

Made = tuple[bytes, bytes | None, tuple[int | None, int | None]]


def made_of(data: bytes, kind: str) -> Made:
    """The bytes without metadata, those of the small copy, and the size."""
    with developed([data[:100], data[100:]], TYPES[kind]) as made:
        clean, small = (file and (file.seek(0), file.read())[1] for file in (made.cleaned, made.thumbnail))
        # Without a file of its own it tells nothing as it is.
        return data if clean is None else clean, small, (made.width, made.height)


@pytest.mark.parametrize("kind", TYPES)
def test_a_picture_gets_a_small_copy_that_stands_upright_and_tells_nothing(kind: str) -> None:  # behaviour 58
    clean, small, size = made_of(photo(kind, (2000, 1000)), kind)
    assert small
    expected = (2000, 1000) if kind == "GIF" else (1000, 2000)
    assert size == expected
    copy = opened(small)
    assert (copy.format, copy.size) == ("WEBP", (720, 360) if kind == "GIF" else (288, 576))
    assert (dict(copy.getexif()), copy.info.get("icc_profile")) == ({}, None)
    assert [each for each in SECRETS if each in clean + small] == []


def test_a_small_picture_is_not_made_larger() -> None:
    _, small, size = made_of(PNG, "PNG")
    assert small
    assert (size, opened(small).size) == ((1, 1), (1, 1))


def test_of_an_animation_the_copy_is_its_first_picture() -> None:
    _, small, size = made_of(animation(), "GIF")
    assert small
    assert (size, getattr(opened(small), "is_animated", False)) == ((50, 40), False)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_whether_a_picture_moves_is_seen(kind: str) -> None:
    for data, expected in ((animation(kind=kind), True), (animation(1, kind=kind), False), (photo(kind), False)):
        with developed([data], TYPES[kind]) as made:
            assert made.is_animated is expected
    # Of several pictures in a JPEG a browser shows the first.
    with developed([with_large_head(photo(), 10_000)], "image/jpeg") as made:
        assert made.is_animated is False


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_that_breaks_off_behind_its_first_picture_is_one_all_the_same(kind: str) -> None:
    data = animation(kind=kind)
    begun = [data[:length] for length in range(len(data)) if has_first_picture(data[:length])]
    assert begun or kind == "WEBP"  # of which nothing is read before it is whole
    assert [
        len(each) for each in begun if make_thumbnail(io.BytesIO(each), TYPES[kind], io.BytesIO())[:2] != (50, 40)
    ] == []


def has_first_picture(data: bytes) -> bool:
    try:
        opened(data).load()
    except Exception:  # noqa: BLE001 - whatever Pillow says of it
        return False
    return True


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16"])
def test_pictures_of_all_kinds_of_colours_get_one(mode: str) -> None:
    from io import BytesIO

    from PIL import Image

    file, kind = BytesIO(), "JPEG" if mode == "CMYK" else "PNG"
    Image.new("RGBA" if mode == "PA" else mode, (2 * BOX[0], BOX[1])).save(file, kind)
    _, small, _ = made_of(file.getvalue(), kind)
    assert small
    assert opened(small).size == (BOX[0], BOX[1] // 2)


def test_a_jpeg_of_more_pixels_than_may_be_held_is_made_smaller_as_it_is_read() -> None:
    clean, small, size = made_of(photo("JPEG", (9000, 6000), turned=1), "JPEG")
    assert (size, CAMERA.encode() in clean) == ((9000, 6000), False)
    assert small


HOSTILE = {
    "a bomb": ("PNG", bomb()),
    "40 megapixels and a row": ("PNG", bomb(8000, 5001)),
    "40 megapixels that break off": ("PNG", bomb(8000, 5000)[:60]),
    "one side of many millions": ("PNG", bomb(MAX_PIXELS + 1, 1)),
    "a side as long as can be said": ("PNG", bomb(2**31 - 1, 1)),
    "broken off": ("JPEG", photo("JPEG", (2000, 2000))[:9_000]),
    "a WebP that breaks off": ("WEBP", photo("WEBP")[:200]),
}


@pytest.mark.asvs("5.2.1")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_shown_is_told_and_cleaned_all_the_same(name: str) -> None:
    kind, data = HOSTILE[name]
    began = time.monotonic()
    clean, small, size = made_of(data, kind)
    assert [each for each in SECRETS if each in clean] == []
    assert (small, size) == (None, (None, None))
    assert time.monotonic() - began < developing.PATIENCE_SECONDS


@pytest.mark.asvs("5.2.1")
def test_as_many_pixels_as_may_be_held_are_shown_and_not_one_row_more() -> None:
    assert MAX_PIXELS == 8000 * 5000
    _, small, size = made_of(bomb(8000, 5000), "PNG")
    assert small
    assert (size, opened(small).size) == ((8000, 5000), (720, 450))
    # Whole, too: nothing but their number refuses these.
    assert opened(bomb(8000, 5001)).size == (8000, 5001)
    assert made_of(bomb(8000, 5001), "PNG")[1:] == (None, (None, None))


BUSY = """
import resource, sys
from chatapp.images.developing import developed
resource.setrlimit(resource.RLIMIT_CPU, (4, 4))  # of which two seconds are left to whom it starts
with developed([sys.stdin.buffer.read()], "image/jpeg") as made:
    made.cleaned.seek(0)
    sys.stdout.buffer.write(made.cleaned.read())
    sys.exit(7 if made.thumbnail is None else 8)
"""


@pytest.mark.asvs("5.2.1")
def test_one_that_keeps_it_busy_for_ever_is_known_for_that_and_cleaned_all_the_same() -> None:
    # Not taken for one that somebody killed, which would be tried again and again.
    command = [sys.executable, "-c", BUSY]
    done = subprocess.run(command, cwd=developing.ROOT, input=burner(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (7, b"")
    assert b"secret comment" not in done.stdout
    assert len(done.stdout) > 400_000


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff<script>", b"GIF89a/*\0*/=1;alert(1)"])
def test_what_is_no_picture_at_all_is_told(data: bytes) -> None:
    assert made_of(data, "GIF" if data.startswith(b"GIF") else "JPEG") == (data, None, (None, None))


@pytest.mark.asvs("14.2.4")
@pytest.mark.parametrize("data", [photo()[:400], photo().replace(b"\xff\xdb", b"\xff\x02", 1), photo("GIF")[:799]])
def test_what_cannot_be_taken_apart_does_not_tell_where_it_was_taken(data: bytes) -> None:
    assert [each for each in SECRETS if each in data]
    clean, small, _ = made_of(data, "GIF" if data.startswith(b"GIF") else "JPEG")
    assert [each for each in SECRETS if each in clean] == []
    assert (len(clean), small) == (len(data), None)


def test_one_that_tells_nothing_stays_as_it_is() -> None:
    with developed([PNG], "image/png") as made:
        assert made.cleaned is None
        assert made.thumbnail


def test_what_breaks_the_process_before_it_is_clean_is_cleaned_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def broken(*arguments: Any) -> dict[str, int]:
        runs.append(len(arguments))
        return {} if len(runs) == 1 else run(*arguments)

    run = developing._run  # noqa: SLF001
    monkeypatch.setattr(developing, "_run", broken)
    clean, small, _ = made_of(photo(), "JPEG")
    assert ([each for each in SECRETS if each in clean], small, runs) == ([], None, [4, 3])
    monkeypatch.setattr(developing, "_run", lambda *_: {})
    with pytest.raises(Interrupted):
        made_of(photo(), "JPEG")


@pytest.mark.parametrize("kind", TYPES)
def test_without_a_small_copy_it_is_cleaned_where_it_stands(kind: str) -> None:
    data = photo(kind)
    with cleaned_alone([data], TYPES[kind]) as made:
        assert made.cleaned
        made.cleaned.seek(0)
        clean = made.cleaned.read()
        assert (made.thumbnail, made.width, len(clean)) == (None, None, len(data))
    assert [each for each in SECRETS if each in clean] == []
    assert opened(clean).size == (640, 480)


LIMITED = """
import resource, signal, sys, time
from chatapp.images.__main__ import set_limits
set_limits(0)
"""


def test_it_may_take_neither_much_memory_nor_much_time() -> None:
    def ends(code: str) -> int:
        command = [sys.executable, "-c", LIMITED + code]
        return subprocess.run(command, cwd=developing.ROOT, capture_output=True, check=False).returncode

    assert ends("bytes(600 * 2**20)") == 1
    assert ends("resource.setrlimit(resource.RLIMIT_CPU, (1, 12))\nwhile True: pass") == -signal.SIGXCPU
    assert ends("assert 0 < signal.alarm(1) <= 20; time.sleep(60)") == -signal.SIGALRM
    assert ends("assert resource.getrlimit(resource.RLIMIT_CPU) == (10, 12); sys.exit(7)") == 7


def test_what_is_large_gets_more_time() -> None:
    code = "import resource, signal, sys\nfrom chatapp.images.__main__ import set_limits\nset_limits(10 * 20 * 2**20)\n"
    code += "sys.exit(resource.getrlimit(resource.RLIMIT_CPU)[0] + signal.alarm(0))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=developing.ROOT, check=False).returncode == 20 + 30


def test_it_knows_nothing_of_our_settings_and_may_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    seen: list[bytes] = []

    def kill() -> None:
        eventually(children)
        for child in children():
            seen.append(Path(f"/proc/{child}/environ").read_bytes())
            os.kill(child, signal.SIGKILL)

    thread = Thread(target=kill)
    thread.start()
    with pytest.raises(Interrupted):
        made_of(photo("PNG", (4000, 3000)), "PNG")
    thread.join()
    assert b"PATH=" in seen[0]
    assert b"do not tell" not in seen[0]


def children() -> list[int]:
    """The processes that look at pictures for this one."""
    tasks = Path("/proc/self/task").iterdir()
    ours = [int(each) for task in tasks for each in (task / "children").read_text().split()]
    return [child for child in ours if b"chatapp.images" in Path(f"/proc/{child}/cmdline").read_bytes()]
