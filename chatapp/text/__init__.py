"""What a user typed -> safe HTML. Pure: no request, no database, no clock."""

from chatapp.text.body import check_body
from chatapp.text.highlight import prepare
from chatapp.text.html import plain_preview, render

__all__ = ["check_body", "plain_preview", "prepare", "render"]
