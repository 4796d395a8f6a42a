"""What axe-core finds wrong with a page for people who use it by keyboard, by ear, enlarged or without its colours."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# WCAG 2.2 to AA, and what axe recommends beyond it. Named, they include rules that are off otherwise: target sizes.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
QUIET = "() => Promise.allSettled(document.getAnimations().map((each) => each.finished))"
# All that is right would be a hundred times what is wrong, and on its way here longer than the looking takes.
RUN = "options => axe.run(options).then(({ violations }) => violations)"


def violations(page: Page) -> list[str]:
    """Each violation with its rule and the element; empty when there is none."""
    page.evaluate(QUIET)  # a colour that is still fading has not the contrast it will have
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, OPTIONS)
    return [f"{each['id']}: {_said(node)}" for each in found for node in each["nodes"]]


def _said(node: dict[str, Any]) -> str:
    return f"{' '.join(map(str, node['target']))} {node['html'][:160]} {node.get('failureSummary', '')}".strip()
