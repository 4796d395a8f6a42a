"""What becomes a link, where it ends, and where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from chatapp.text import render
from chatapp.text.links import MAX_ADDRESS_CHARS, normalize_address
from tests.text.safe_html import SafeHtml


def links(body: str) -> list[str]:
    page = SafeHtml(render(body))
    assert page.troubles == []
    return page.links


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("https://a.example", "https://a.example"),
        ("HTTPS://A.Example/", "HTTPS://A.Example/"),
        ("see https://a.example/b.", "https://a.example/b"),
        ("see https://a.example/b, and", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("(https://a.example/b_(c)).", "https://a.example/b_(c)"),
        ("is it https://a.example/b?", "https://a.example/b"),
        ("https://a.example/?q=1&copy=2", "https://a.example/?q=1&copy=2"),
        ("**https://a.example/b**", "https://a.example/b"),
        ("~~https://a.example/b~~", "https://a.example/b"),
        ("https://a.example/__init__.py", "https://a.example/__init__.py"),
        ("https://a.example/*b*/c", "https://a.example/*b*/c"),
        ("http://localhost:5000/rooms/3", "http://localhost:5000/rooms/3"),
        ("http://192.168.0.1/b", "http://192.168.0.1/b"),
        ("주소는https://a.example/b", "https://a.example/b"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("http://예시.한국/길", "http://xn--vv4b11d.xn--3e0b707e/%EA%B8%B8"),
        ("www.example.com/b.", "http://www.example.com/b"),
        ("write to bob@example.org.", "mailto:bob@example.org"),
        ("<https://a.example/b>", "https://a.example/b"),
        ("<bob@example.org>", "mailto:bob@example.org"),
        ('[b](https://a.example "title")', "https://a.example"),
        ("[b](tel:+821012345678)", "tel:+821012345678"),
        ("![b](https://a.example/c.png)", "https://a.example/c.png"),
    ],
)
def test_an_address_is_a_link(body: str, address: str) -> None:  # behaviour 34
    assert links(body) == [address]


@pytest.mark.parametrize(
    "body",
    [
        "example.com",
        "main.py readme.md run.sh",
        "1.2.3.4",
        "v1.2.in",
        "@alice",
        "bob@home",
        "www.example",
        "ftp://a.example",
        "//a.example/b",
        "[b](/rooms/3)",
        "[b](//a.example)",
        "[b](a.example)",
        "[b]()",
        "[b](<>)",
        "[b](data:text/html,x)",
        "http\u017f://a.example",
        "[b](http\u017f://a.example)",
        "http\\://a.example",
        "https://",
        "[b](https:)",
        "[b](https:///c)",
        "[b](mailto:)",
        "https://a.example/" + "b" * MAX_ADDRESS_CHARS,
        "`https://a.example` and `www.example.com`",
        "```\nhttps://a.example bob@example.org\n```",
        "    https://a.example",
    ],
)
def test_this_is_no_link(body: str) -> None:  # behaviour 36
    assert links(body) == []


def test_a_link_shows_what_was_typed_not_other_letters_that_look_alike() -> None:
    assert ">https://xn--pple-43d.example/%41</a>" in render("https://xn--pple-43d.example/%41")


def test_a_link_that_we_do_not_make_stays_visible() -> None:
    assert render("[b](/rooms/3)") == '<p dir="auto">[b](/rooms/3)</p>\n'


def test_every_link_opens_elsewhere_and_gives_nothing_away() -> None:  # behaviour 34
    rest = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
    assert render("https://a.example") == (
        f'<p dir="auto"><a href="https://a.example" {rest}>https://a.example</a></p>\n'
    )


def test_an_image_is_a_link_and_inside_a_link_only_its_description() -> None:
    assert links("![b](https://a.example/b.png)") == ["https://a.example/b.png"]
    assert links("[![b](https://a.example/b.png)](https://c.example)") == ["https://c.example"]
    assert ">https://a.example/b.png</a>" in render("![](https://a.example/b.png)")


def test_several_links_in_a_row_are_all_found_in_order() -> None:
    body = "bob@example.org www.example.com https://a.example/ <https://b.example>"
    found = ["mailto:bob@example.org", "http://www.example.com", "https://a.example/", "https://b.example"]
    assert links(body) == found


addresses = st.from_regex(r"https?://[a-zA-Z0-9.-]{1,20}(:[0-9]{0,5})?[a-zA-Z0-9./?&=%~_#-]{0,20}", fullmatch=True)


@given(addresses)
def test_the_short_way_to_normalize_an_address_gives_what_the_long_way_gives(address: str) -> None:
    assert normalize_address(address) == normalizeLink(address)
