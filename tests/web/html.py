"""Reads a page as a browser would: its elements with their attributes, their text and what they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TYPED_IN = {"text", "search", "email", "password", "number", "tel", "url"}


@dataclass
class Element:
    """One element; `text` is all the text in it."""

    tag: str
    attributes: dict[str, str]
    parents: list["Element"]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        """An attribute, or None."""
        return self.attributes.get(name)

    def stands_in(self, other: "Element") -> bool:
        """True when `other` holds this element."""
        return any(parent is other for parent in self.parents)


@dataclass
class Page(HTMLParser):
    """All elements of a page, in its order."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        # A tag that nobody closed would hide what is wrong with the page.
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of this tag that have these attributes; `_` stands for `-`."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only element of this tag with these attributes."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times <{tag} {attributes}>"
        return found[0]

    def form(self, action: str) -> dict[str, str]:
        """What sending this form unchanged would send."""
        form = self.one("form", action=action)
        return {
            each["name"]: each.text.removeprefix("\n") if each.tag == "textarea" else each.get("value") or ""
            for each in self.elements
            if each.tag in ("input", "textarea") and each.stands_in(form) and each.get("name")
        }

    def unlabelled(self) -> list[Element]:
        """Controls that a screen reader would not name."""
        labelled = {label.get("for") for label in self.all("label")}
        return [control for control in self._controls() if not _is_named(control, labelled)]

    def _controls(self) -> Iterator[Element]:
        for element in self.elements:
            is_input = element.tag == "input" and element.get("type") not in ("hidden", "submit")
            if (is_input or element.tag in ("textarea", "select")) and element.get("aria-hidden") != "true":
                yield element


def _is_named(control: Element, labelled: set[str | None]) -> bool:
    is_wrapped = any(parent.tag == "label" for parent in control.parents)
    return is_wrapped or control.get("id") in labelled or bool(control.get("aria-label"))


def page_of(response: TestResponse) -> Page:
    """The page in an answer."""
    assert response.content_type.startswith("text/html"), response.content_type
    return Page(response.get_data(as_text=True))
