"""Goes from page to page by the links that stand there, as a person would with no script and much time."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from tests.support import Browser
from tests.web.html import Page

SITE = "http://localhost"
FEW = 2  # addresses that differ only in which message, file or page of a list they are about: all others are alike
WHICH = re.compile(r"(?<=/messages/)\d+|(?<=/uploads/).+|(?<=before=)\d+|(?<=around=)\d+|(?<=after=)\d+")
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src", "video": "src", "audio": "src"}


@dataclass(frozen=True)
class Seen:
    """What stood at an address that a link led to. `page` is none where it is a file."""

    link: str
    found_on: str
    path: str  # after all redirects
    status: int
    page: Page | None = field(repr=False)

    def has(self, fragment: str) -> bool:
        """Whether the page has an element of this name."""
        return self.page is not None and any(each.get("id") == fragment for each in self.page.elements)


def walk(browser: Browser, start: str = "/") -> Iterator[Seen]:
    """Everything that can be reached from there, each address once, and a few of each kind."""
    waiting = deque([(start, "")])
    known, kinds = {start}, Counter[str]()
    while waiting:
        link, found_on = waiting.popleft()
        seen = _look(browser, link, found_on)
        yield seen
        for next_link in links_of(seen):
            address, kind = next_link.partition("#")[0], WHICH.sub("*", next_link.partition("#")[0])
            if address not in known and kinds[kind] < FEW:
                known.add(address)
                kinds[kind] += 1
                waiting.append((address, seen.link))


def links_of(seen: Seen) -> Iterator[str]:
    """Where links of this page lead to on this site, as paths."""
    for element in seen.page.elements if seen.page else ():
        if target := element.get(LINKS.get(element.tag, "")):
            url = urljoin(f"{SITE}{seen.path}", target)
            if url.startswith(f"{SITE}/"):
                yield url.removeprefix(SITE)


def _look(browser: Browser, link: str, found_on: str) -> Seen:
    response = browser.client.get(link, follow_redirects=True)
    path = response.request.full_path.rstrip("?")
    # Of what a link of a text leads to nobody knows the kind; what is sent as a file is no page.
    is_page = response.mimetype == "text/html" and not urlsplit(link).path.startswith("/uploads/")
    page = Page(response.get_data(as_text=True)) if is_page else None
    response.close()
    return Seen(link, found_on, path, response.status_code, page)
