"""What a user typed -> safe HTML. Pure: no request, no database, no clock."""

from chatapp.text.alt_text import check_alt_text
from chatapp.text.body import check_body
from chatapp.text.highlight import preparations
from chatapp.text.html import cut, excerpt, plain_preview, render
from chatapp.text.one_emoji import check_emoji

__all__ = ["check_alt_text", "check_body", "check_emoji", "cut", "excerpt", "plain_preview", "preparations", "render"]
