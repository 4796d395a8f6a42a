"""Markdown's tokens as HTML, where ours differs from the usual."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from chatapp.text.highlight import highlighted

LANGUAGE_CLASS = re.compile(r"language-[a-z0-9+#-]{1,20}")
OWN_DIRECTION = frozenset({"paragraph_open", "list_item_open", "blockquote_open", "th_open", "td_open"})


class ChatRenderer(RendererHTML):
    """Writes only tags that the sanitizer in `html.py` lets through."""

    def renderToken(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: N802
        """The tag; blocks choose their own writing direction, so that one message can hold Arabic and English."""
        if tokens[idx].type in OWN_DIRECTION:
            tokens[idx].attrs["dir"] = "auto"
        return super().renderToken(tokens, idx, options, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A bold paragraph begins."""
        return '<p dir="auto"><strong>'

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A bold paragraph ends."""
        return "</strong></p>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A block of code, with its language as a class when it looks like one, and coloured when it is known."""
        language = tokens[idx].info.strip().lower().partition(" ")[0]
        name = f"language-{language}"
        attribute = f' class="{name}"' if LANGUAGE_CLASS.fullmatch(name) else ""
        code = highlighted(tokens[idx].content, language, env) or escape(tokens[idx].content)
        return f'<pre dir="ltr"><code{attribute}>{code}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A block of code made by indentation."""
        return f'<pre dir="ltr"><code>{escape(tokens[idx].content)}</code></pre>\n'
