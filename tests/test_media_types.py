"""What a file is, by its bytes alone."""

import pytest

from chatapp.media_types import HEAD_BYTES, KINDS, SHOWN, kind_of, media_type_of, types_of

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
FILES = [
    (PNG, "image/png", "picture"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg", "picture"),
    (b"GIF89a\1\0\1\0", "image/gif", "picture"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp", "picture"),
    (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41", "video/mp4", "video"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm", "video/webm", "video"),
    (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg", "audio"),
    (b"\xff\xfb\x90\x64\0\0", "audio/mpeg", "audio"),
    (b"OggS\0\2\0\0", "audio/ogg", "audio"),
    (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4", "audio"),
    ("안녕하세요, wörld\r\n".encode(), "text/plain", "file"),
    # Known, and never shown.
    (b"%PDF-1.7\n", "application/pdf", "file"),
    (b"PK\x03\x04\x14\0", "application/zip", "file"),
    (b"\0\0\0\x20ftypheic\0\0\0\0mif1", "image/heic", "file"),
    (b"\0\0\0\x20ftyphevc\0\0\0\0msf1", "image/heic", "file"),
    (b"\0\0\0\x20ftypmsf1\0\0\0\0hevc", "image/heif", "file"),
    (b"\0\0\0\x20ftyp3gp4\0\0\0\0", "video/3gpp", "file"),
    (b"II*\0\x08\0\0\0", "image/tiff", "file"),
    (b"MM\0*\0\0\0\x08", "image/tiff", "file"),
    (b"\0\0\0\x20ftypavif\0\0\0\0", "image/avif", "file"),
    (b"\0\0\0\x14ftypqt  \0\0\2\0", "video/quicktime", "file"),
    # Not known.
    (b"", "application/octet-stream", "file"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", "application/octet-stream", "file"),
    (b"\0\0\0\x20ftypevil\0\0\0\0", "application/octet-stream", "file"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "application/octet-stream", "file"),
    (b"MZ\x90\0\3", "application/octet-stream", "file"),
    (b"\xff\xff\xff\xff", "application/octet-stream", "file"),
    (b"text with a \0 in it", "application/octet-stream", "file"),
    ("utf-16".encode("utf-16"), "application/octet-stream", "file"),
]


@pytest.mark.parametrize(("head", "media_type", "kind"), FILES)
def test_the_first_bytes_say_what_a_file_is(head: bytes, media_type: str, kind: str) -> None:
    assert media_type_of(head, is_whole=True) == media_type
    assert kind_of(media_type) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<!DOCTYPE svg PUBLIC>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?><html/>",
        b" \t\r\n<HTML>",
        b"<html",
        b"<Head><title>",
        b"<body onload=alert(1)>",
        b"<ScRiPt src=//evil.example>",
        b"<!-- a comment --><script>",
        b"<img src=x onerror=alert(1)>",
        b"\n<p/onclick=alert(1)>",
    ],
)
def test_a_page_is_no_text_that_is_shown(head: bytes) -> None:  # behaviour 60
    assert media_type_of(head, is_whole=True) == "application/octet-stream"


@pytest.mark.parametrize(
    "head", [b"#!/bin/sh\nrm -rf /\n", b"<bob> hello", b"a < b", b"<-- look", b"see <script>", b"<alice@example.org>"]
)
def test_what_only_speaks_of_one_is_text(head: bytes) -> None:
    assert media_type_of(head, is_whole=True) == "text/plain"


def test_a_picture_that_is_also_a_script_is_a_picture_and_nothing_else() -> None:
    assert media_type_of(b"GIF89a/*\0*/=1;alert(1)") == "image/gif"


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_long_text_may_be_cut_within_a_letter(cut: int) -> None:
    text = ("😀" * HEAD_BYTES).encode()
    assert media_type_of(text[: HEAD_BYTES - cut]) == "text/plain"
    assert media_type_of(text[: HEAD_BYTES - cut], is_whole=True) == "application/octet-stream"


def test_broken_letters_elsewhere_are_no_text() -> None:
    assert media_type_of(b"latin \xe9 and so on" * 100) == "application/octet-stream"


def test_only_these_are_shown() -> None:
    pictures, sound = {"image/png", "image/jpeg", "image/gif", "image/webp"}, {"audio/mpeg", "audio/ogg", "audio/mp4"}
    assert pictures | sound | {"video/mp4", "video/webm", "text/plain"} == SHOWN
    assert {kind: bool(types_of(kind)) for kind in KINDS} == {"picture": 1, "video": 1, "audio": 1, "file": 0}
