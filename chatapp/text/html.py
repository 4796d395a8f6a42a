"""A message's text as HTML that is safe to show, and as one plain line."""

import re
from collections.abc import Set
from html import escape, unescape

import nh3
from markdown_it.token import Token

from chatapp.characters import BIDI_CONTROL, SURROGATE, is_blank
from chatapp.text.budget import WORK_PER_LINE, TooMuchWork, new_budget, spend
from chatapp.text.emoji import is_few_emoji
from chatapp.text.highlight import CLASSES
from chatapp.text.links import SCHEMES
from chatapp.text.markdown import build_markdown
from chatapp.text.renderer import LANGUAGE_CLASS

_INLINE_TAGS = {"a", "br", "code", "em", "s", "span", "strong"}
_BLOCK_TAGS = {"blockquote", "hr", "li", "ol", "p", "pre", "ul"}
_TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
_TURNING_TAGS = ("blockquote", "li", "p", "pre", "td", "th")
_FEW_EMOJI = "few-emoji"

# The second lock: the Markdown renderer writes nothing else, and if it ever did, it would not get through.
_cleaner = nh3.Cleaner(
    tags=_INLINE_TAGS | _BLOCK_TAGS | _TABLE_TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}},
    tag_attribute_values={tag: {"dir": {"auto", "ltr"}} for tag in _TURNING_TAGS}
    | {"p": {"dir": {"auto"}, "class": {_FEW_EMOJI}}, "span": {"class": set(CLASSES)}},
    # What may scroll sideways must be reachable by key.
    set_tag_attribute_values={
        "a": {"target": "_blank"},
        "pre": {"tabindex": "0"},
        "table": {"tabindex": "0"},
    },
    attribute_filter=lambda tag, name, value: _allowed_value(tag, name, value),
    link_rel="noopener noreferrer nofollow ugc",
    url_schemes=set(SCHEMES),
    url_relative="deny",
)
_markdown = build_markdown()

# One line that starts with a letter and holds nothing that Markdown, a link or HTML could be made of.
_PLAIN_LINE = re.compile(r"[^\W\d_][^\x00-\x1f\x7f-\xa0\ud800-\udfff&<>\\`*_~\[\]@]*")
_ELLIPSIS = "…"
_QUOTES = {"blockquote"}
_PREVIEW_READS = 1000  # characters; what stands later never reaches a one-line preview


def render(body: str) -> str:
    """Safe HTML for `body`: Markdown, or the text as typed where the markup is too much work or shows nothing."""
    return f'<p dir="auto">{body}</p>\n' if _is_plain_line(body) else render_markup(body)


def render_markup(body: str) -> str:
    """What `render` gives, the long way, which is for any text (a test holds that the short way gives the same)."""
    readable = SURROGATE.sub("\ufffd", body)
    return _cleaner.clean(_emoji_html(readable) or _markdown_html(readable) or _plain_html(readable))


def plain_preview(body: str, limit: int) -> str:
    """`body` as one line of plain text (not HTML), without its markup, at most `limit` characters."""
    head = body[:_PREVIEW_READS]
    return cut(_words(head) if _is_plain_line(head) else _line(render(head)), limit)


def excerpt(html: str, limit: int) -> str:
    """What a message's `html` begins with, as one line of plain text, at most `limit` characters.

    What the message itself quotes is left out, unless it says nothing else.
    """
    return cut(_line(html, without=_QUOTES) or _line(html), limit)


def _line(html: str, *, without: Set[str] = frozenset()) -> str:
    return _words(unescape(nh3.clean(html, tags=set(), attributes={}, clean_content_tags=set(without))))


def _words(text: str) -> str:
    return " ".join(BIDI_CONTROL.sub("", text).split())


def cut(line: str, limit: int) -> str:
    """`line`, at most `limit` characters of it; an ellipsis says that there was more."""
    return line if len(line) <= limit else line[: limit - 1].rstrip() + _ELLIPSIS


def _is_plain_line(body: str) -> bool:
    return (
        _PLAIN_LINE.fullmatch(body) is not None
        and not body[-1].isspace()
        and "://" not in body
        and "www." not in body.lower()
    )


def _emoji_html(body: str) -> str | None:
    # Not by way of Markdown: the star of a key is no list, and no emphasis.
    if not is_few_emoji(body):
        return None
    return f'<p class="{_FEW_EMOJI}" dir="auto">' + escape(body.strip()).replace("\n", "<br>\n") + "</p>\n"


def _markdown_html(body: str) -> str | None:
    budget = new_budget()
    try:
        spend(budget, body.count("\n") * WORK_PER_LINE)
        tokens = _markdown.parse(body, budget)
    except TooMuchWork:
        return None
    return str(_markdown.renderer.render(tokens, _markdown.options, budget)) if _shows_something(tokens) else None


def _shows_something(tokens: list[Token]) -> bool:
    # A lone `#`, `>` or `-` is markup around nothing: what was typed must not vanish.
    return any(
        token.type == "hr" or not is_blank(leaf.content) for token in tokens for leaf in token.children or [token]
    )


def _plain_html(body: str) -> str:
    paragraphs = re.split(r"\n{2,}", body.strip("\n"))
    return "".join('<p dir="auto">' + escape(lines).replace("\n", "<br>\n") + "</p>\n" for lines in paragraphs)


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    return value if tag != "code" or LANGUAGE_CLASS.fullmatch(value) else None
