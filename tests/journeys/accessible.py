"""What axe-core finds wrong with a page for people who use it by keyboard, by ear, enlarged or without its colours."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 to AA, and what axe recommends beyond it. Named, they include rules that are off otherwise: target sizes.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
QUIET = "() => Promise.allSettled(document.getAnimations().map((each) => each.finished))"

_axe = Axe()


def violations(page: Page) -> list[str]:
    """Each violation with its rule and the element; empty when there is none."""
    page.evaluate(QUIET)  # a colour that is still fading has not the contrast it will have
    found = _axe.run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {_said(node)}" for each in found for node in each["nodes"]]


def _said(node: dict[str, Any]) -> str:
    return f"{' '.join(map(str, node['target']))} {node['html'][:160]} {node.get('failureSummary', '')}".strip()
