"""What a file shows is said in one line of plain text, or not at all."""

import pytest

from chatapp.text import check_alt_text
from chatapp.text.alt_text import MAX_CHARS
from chatapp.upload_errors import UploadAltTooLong


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Two cats on a sofa", "Two cats on a sofa"),
        ("  고양이\n두\tmarine ", "고양이 두 marine"),
        ('"><script>alert(1)</script>', '"><script>alert(1)</script>'),
        ("turned \u202eround\u2028\0", "turned round"),
    ],
)
def test_it_is_one_line_of_what_can_be_seen(raw: str, text: str) -> None:
    assert check_alt_text(raw) == text


@pytest.mark.parametrize("raw", ["", " \n ", "\u200b\u3164"])
def test_nothing_is_none(raw: str) -> None:
    assert check_alt_text(raw) is None


def test_one_that_is_too_long_is_refused_and_not_cut() -> None:
    assert check_alt_text("가" * MAX_CHARS) == "가" * MAX_CHARS
    with pytest.raises(UploadAltTooLong) as refused:
        check_alt_text("가" * (MAX_CHARS + 1))
    assert refused.value.values == {"max_chars": MAX_CHARS}
