"""Which parts of a text are links: `https://` addresses, `www.` names and mail addresses; never a bare `main.py`."""

# ruff: noqa: FBT001, FBT002 - markdown-it calls its rules with a positional `silent`: look ahead, write nothing.

import re
from collections.abc import Iterator
from typing import Any

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import helpers
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline

from chatapp.text.budget import CHARS_MATCHED_PER_UNIT, CHARS_READ_PER_UNIT, WORK_PER_LINK, spend

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MAX_ADDRESS_CHARS = 2048  # what browsers and proxies surely carry; a longer one stays text

_ALLOWED = re.compile(
    r"https?://[^/?#]|(?:mailto|tel):.", re.ASCII | re.IGNORECASE
)  # ASCII: `\u017f` is a small s, too
_HTTP_BEFORE_COLON = re.compile(r"(?<![a-z0-9])https?$", re.ASCII | re.IGNORECASE)
_CLOSING_MARKUP = "*_~"  # `**https://a.example**`: the stars close the bold, they are no part of the address
_WORD = re.compile(rf"\S{{0,{MAX_ADDRESS_CHARS}}}")

# These come out of the full normalisation as they went in (a test holds it), at a tenth of the time.
_NORMAL_ALREADY = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~=&-]*)?")

_grammar = LinkifyIt()
_grammar.test_schema_at("//a.example", "http:", 0)  # compiles its pattern: 20 ms now, not in the first message


class WordLinks:
    """Finds `www.` names and mail addresses for markdown-it's linkify rule, which asks `pretest`, `test` and `match`.

    Names without `www.` stay text: `main.py`, `readme.md` and `run.sh` would be hosts in Paraguay, Moldova and
    Saint Helena. Addresses with `://` are found by `http_address`, before emphasis can cut them.
    """

    _www = re.compile(
        r"www\.(?:" + _grammar.re["src_domain"] + r"\.)+" + _grammar.re["src_domain_root"]
        + _grammar.re["src_port"] + _grammar.re["src_host_terminator"] + _grammar.re["src_path"],
        re.IGNORECASE,
    )  # fmt: skip
    _www_word = re.compile(rf"(?<![\w./@:-])www\.{_WORD.pattern}", re.IGNORECASE)
    _mail = re.compile(_grammar.re["email_fuzzy"], re.IGNORECASE)

    @classmethod
    def work(cls, text: str) -> int:
        """What looking for links in `text` costs, in units."""
        words = cls._www_word.findall(text)
        links = text.count("@") + len(words)
        return links * WORK_PER_LINK + sum(map(len, words)) // CHARS_MATCHED_PER_UNIT

    def pretest(self, text: str) -> bool:
        """Whether `text` can hold such a link at all; cheap."""
        return "@" in text or "www." in text.lower()

    test = pretest

    def match(self, text: str) -> list[Match]:
        """The links in `text`, in order, none overlapping."""
        links: list[Match] = []
        for link in sorted(self._candidates(text), key=lambda link: int(link.index)):
            if not links or link.index >= links[-1].last_index:
                links.append(link)
        return links

    def _candidates(self, text: str) -> Iterator[Match]:
        if "@" in text:
            for found in self._mail.finditer(text):
                yield _match(text, "mailto:", *found.span(2))
        for word in self._www_word.finditer(text):
            address = self._www.match(word[0])
            if address and address.end() < MAX_ADDRESS_CHARS:
                yield _match(text, "", word.start(), word.start() + address.end())


def _match(text: str, schema: str, start: int, end: int) -> Match:
    link = Match(text, schema, start, end)
    link.url = (schema or "http://") + link.raw
    return link


def http_address(state: StateInline, silent: bool) -> bool:
    """Inline rule, at the `:` of `https://`: the whole address is one link, whatever stars and underscores it holds."""
    if silent or state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _HTTP_BEFORE_COLON.search(state.pending[-6:])
    rest = _after_scheme(state) if scheme else ""
    if not scheme or not rest:
        return False
    state.pending = state.pending[: -len(scheme[0])]
    push_link(state, scheme[0] + rest, scheme[0] + rest)
    state.pos += len(rest)
    return True


def _after_scheme(state: StateInline) -> str:
    # The grammar looks to the end of the word for every bracket's partner: a bounded word keeps that cheap.
    word = _word_at(state, state.pos)
    spend(state.env, 1 + len(word) // CHARS_MATCHED_PER_UNIT)
    length = _grammar.test_schema_at(word, "http:", 1)
    return word[: 1 + length].rstrip(_CLOSING_MARKUP) if 0 < length < MAX_ADDRESS_CHARS - 1 else ""


def push_link(state: StateInline, address: str, text: str) -> None:
    """Put a link to `address` that reads `text` where the parser stands."""
    encoded = 0 if _NORMAL_ALREADY.fullmatch(address) else len(address)
    spend(state.env, WORK_PER_LINK + encoded // CHARS_READ_PER_UNIT)
    state.push("link_open", "a", 1).attrs = {"href": normalize_address(address)}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def normalize_address(address: str) -> str:
    """`address` as it stands in `href`: international host names and other characters encoded."""
    return address if _NORMAL_ALREADY.fullmatch(address) else normalizeLink(address)


def is_allowed_address(address: str) -> bool:
    """Whether a link may lead there: http, https, mailto and tel, spelled out; never relative, never a script."""
    return _ALLOWED.match(address) is not None


class LinkHelpers:
    """Reads the parts of `[label](address "title")` for markdown-it, and none of them without end."""

    @staticmethod
    def parseLinkLabel(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N802, N803
        """Where the label that starts at `start` ends, or -1."""
        end = helpers.parseLinkLabel(state, start, disableNested)
        spend(state.env, ((end if end >= 0 else state.posMax) - start) // CHARS_MATCHED_PER_UNIT)
        if end >= 0 and state.src.startswith("(", end + 1):
            spend(state.env, len(_word_at(state, end + 2)) // CHARS_READ_PER_UNIT)
        return end

    @staticmethod
    def parseLinkDestination(text: str, start: int, end: int) -> Any:  # noqa: N802
        """The address in a link's brackets."""
        return helpers.parseLinkDestination(text, start, min(end, start + MAX_ADDRESS_CHARS))

    @staticmethod
    def parseLinkTitle(text: str, start: int, end: int, previous: Any = None) -> Any:  # noqa: N802
        """The title in a link's brackets."""
        return helpers.parseLinkTitle(text, start, min(end, start + MAX_ADDRESS_CHARS), previous)


def _word_at(state: StateInline, position: int) -> str:
    word = _WORD.match(state.src, position)
    return word[0] if word else ""
