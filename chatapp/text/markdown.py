"""The Markdown of messages: CommonMark without raw HTML, with tables, strikethrough and clickable addresses.

Where a chat differs from a document:
- one line break is a line break;
- an image is a link to it: nothing from elsewhere is ever loaded by reading a message;
- a heading is a bold paragraph: headings of messages would drown the page's own outline;
- `[name]: address` stays text: a definition disappears, and so would the line `[14:03]: hello`;
- a link that we do not make (`javascript:`, relative) stays visible as it was typed.
"""

from markdown_it import MarkdownIt

from chatapp.text.budget import MAX_NESTING
from chatapp.text.links import LinkHelpers, WordLinks, is_allowed_address, normalize_address
from chatapp.text.renderer import ChatRenderer
from chatapp.text.rules import use_counted_rules

OPTIONS = {"html": False, "linkify": True, "breaks": True, "xhtmlOut": False, "maxNesting": MAX_NESTING}


class ChatMarkdown(MarkdownIt):
    """markdown-it with our view of what an address is."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Whether a link may lead there."""
        return is_allowed_address(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """The address as it stands in `href`."""
        return normalize_address(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        """What the reader sees: what was typed. Decoding could show other letters than those it leads to."""
        return link


def build_markdown() -> ChatMarkdown:
    """The parser for messages; it keeps nothing between messages."""
    markdown = ChatMarkdown("commonmark", OPTIONS, renderer_cls=ChatRenderer)
    markdown.linkify = WordLinks()
    markdown.helpers = LinkHelpers()  # type: ignore[assignment] # it only asks for the three functions
    markdown.enable(["linkify", "strikethrough", "table"])
    markdown.disable(["reference", "html_block", "html_inline"])
    use_counted_rules(markdown)
    return markdown
