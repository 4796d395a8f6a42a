"""Reads HTML as a browser would, and says what in it could do harm."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

ATTRIBUTES = {
    "a": {"href", "title", "target", "rel"},
    "blockquote": {"dir"},
    "br": set(),
    "code": {"class"},
    "em": set(),
    "hr": set(),
    "li": {"dir"},
    "ol": {"start"},
    "p": {"class", "dir"},
    "pre": {"dir", "tabindex"},
    "s": set(),
    "span": {"class"},
    "strong": set(),
    "table": {"tabindex"},
    "tbody": set(),
    "td": {"dir"},
    "th": {"dir"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
SCHEMES = {"http", "https", "mailto", "tel"}
REL = "noopener noreferrer nofollow ugc"


class SafeHtml(HTMLParser):
    """Collects the text, the tags and the links of some HTML; `troubles` names what must not be there."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.troubles: list[str] = []
        self.feed(html)
        self.close()
        self.troubles += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"br", "hr"}:
            self.open.append(tag)
        values = dict(attrs)
        self.troubles += [f"{name} on <{tag}>" for name in values if name not in ATTRIBUTES.get(tag, set())]
        if tag not in ATTRIBUTES:
            self.troubles.append(f"<{tag}>")
        elif tag == "a":
            self._look_at_link(values)

    def _look_at_link(self, values: dict[str, str | None]) -> None:
        if "href" not in values:
            return  # the sanitizer could not read the address: it leads nowhere
        address = values["href"] or ""
        self.links.append(address)
        if urlsplit(address).scheme not in SCHEMES or any(character <= " " for character in address):
            self.troubles.append(f"link to {address!r}")
        if values.get("target") != "_blank" or values.get("rel") != REL:
            self.troubles.append("link that keeps its opener")
        if "a" in self.open[:-1]:
            self.troubles.append("link in a link")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.troubles.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.troubles.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.troubles.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.troubles.append("processing instruction")
