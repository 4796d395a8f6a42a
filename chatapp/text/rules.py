"""The parser's own rules, each with its price: a rule spends before it works, so that no text can make it work long."""

# ruff: noqa: FBT001 - markdown-it calls its rules with a positional `silent`: look ahead, write nothing.

import re

from markdown_it import MarkdownIt, rules_block, rules_core, rules_inline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from chatapp.text.budget import (
    DEEPEST_BLOCK,
    WORK_PER_BLOCK,
    WORK_PER_BREAK,
    WORK_PER_CELL,
    WORK_PER_LINK,
    WORK_PER_MARK,
    TooMuchWork,
    spend,
)
from chatapp.text.links import WordLinks, http_address, push_link

# Where text may end: only at what a rule of ours can begin with. The usual set also stops at every `-`, `=` and `#`.
TEXT_ENDS = re.compile(r"[\n*\[\\\]_`~]|!(?=\[)|:(?=//)|&(?=[#A-Za-z])|<(?=[^\s<>])")
INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]
MARKS = re.compile(r"([*_~`])\1*|&")


def use_counted_rules(markdown: MarkdownIt) -> None:
    """Put the rules that count their work, and those that differ in a chat, in the place of the usual ones."""
    blocks, inlines = markdown.block.ruler, markdown.inline.ruler
    blocks.before("table", "counted", _block)
    blocks.at("table", _table, {"alt": ["paragraph", "reference"]})
    blocks.at("blockquote", _blockquote, {"alt": INTERRUPTS})
    markdown.inline.terminator_re = TEXT_ENDS
    inlines.at("text", _text)
    inlines.at("linkify", http_address)
    inlines.before("backticks", "counted", _marks)
    inlines.at("link", _link)
    inlines.at("image", _image_as_link)
    inlines.at("autolink", _autolink)
    markdown.core.ruler.before("inline", "counted", _lines)
    markdown.core.ruler.at("linkify", _linkify)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    spend(state.env, WORK_PER_BLOCK)
    if state.level > DEEPEST_BLOCK:
        raise TooMuchWork
    return False


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # Short rows are filled up to the header's width: two characters a line can become a hundred cells.
    if not silent and rules_block.table(state, start, end, True):
        columns = state.getLines(start, start + 1, 0, False).count("|") + 1
        spend(state.env, columns * _lines_before_blank(state, start, end) * WORK_PER_CELL)
    return rules_block.table(state, start, end, silent)


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # Every level of a nested quote looks through all lines that may lazily belong to it.
    if not silent and rules_block.blockquote(state, start, end, True):
        spend(state.env, _lines_before_blank(state, start, end))
    return rules_block.blockquote(state, start, end, silent)


def _lines_before_blank(state: StateBlock, start: int, end: int) -> int:
    return next((line for line in range(start, end) if state.isEmpty(line)), end) - start


def _text(state: StateInline, silent: bool) -> bool:
    # The parser asks this rule first at every step, also when it only looks ahead: it counts the steps.
    spend(state.env, 1)
    return rules_inline.text(state, silent)


def _marks(state: StateInline, silent: bool) -> bool:
    # A run of stars is one step and thousands of tokens.
    if run := MARKS.match(state.src, state.pos):
        spend(state.env, len(run[0]) * WORK_PER_MARK)
    return False


def _lines(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            spend(state.env, token.content.count("\n") * WORK_PER_BREAK)


def _linkify(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            spend(state.env, WordLinks.work(token.content))
    rules_core.linkify(state)


def _autolink(state: StateInline, silent: bool) -> bool:
    if not rules_inline.autolink(state, silent):
        return False
    spend(state.env, WORK_PER_LINK)
    return True


def _link(state: StateInline, silent: bool) -> bool:
    before = len(state.tokens)
    if state.src[state.pos] != "[" or not rules_inline.link(state, silent):
        return False
    spend(state.env, WORK_PER_LINK)
    if not silent:
        _unlink_if_empty(state.tokens[before:])
    return True


def _unlink_if_empty(tokens: list[Token]) -> None:
    opening = next(token for token in tokens if token.type == "link_open")
    if not opening.attrs["href"]:
        for token in (opening, tokens[-1]):
            token.type, token.nesting = "text", 0


def _image_as_link(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("![", state.pos):
        return False
    spend(state.env, 1)
    if not rules_inline.image(state, silent):
        return False
    if not silent:
        picture = state.tokens.pop()
        address = str(picture.attrs["src"])
        description = "".join(part.content for part in picture.children or [])
        if address and state.linkLevel == 0:
            push_link(state, address, description or address)
        else:
            state.push("text", "", 0).content = description
    return True
