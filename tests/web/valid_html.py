"""What html-validate finds wrong with pages: all tests ask one process of Node.js."""

import json
import subprocess
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
CHECKS = ROOT / ".venv" / "checks"  # by bin/page_checker
SCRIPT = Path(__file__).with_name("validate_pages.mjs")

# All rules of the HTML standard, of accessibility and of whole documents, but for what these ask beyond the standard.
RULES: dict[str, object] = {
    # The standard asks for no h1 before an h2: what stands beside a page, and dialogs, come before its own title.
    "heading-level": ["error", {"minInitialRank": "h2", "sectioningRoots": []}],
    # A list under a box in which one types can be no <select>; a log that is scrolled is named by its role; and a list
    # in order says that it is one (NEEDED).
    "prefer-native-element": ["error", {"exclude": ["list", "listbox", "region"]}],
    # Lists may have names (ARIA in HTML, 4): "People who are here" is one.
    "aria-label-misuse": ["error", {"allowAnyNamable": True}],
    # All our files come from our own server, as the Content-Security-Policy says.
    "require-sri": ["error", {"target": "crossorigin"}],
    # The buttons of the emoji stand with their messages and name their form, which has none where nobody reacted.
    "wcag/h32": "off",
    # A room's name may have 80 characters, and is the title.
    "long-title": "off",
}


# Safari tells VoiceOver of no list where CSS takes the marks away (static/css/reset.css), unless it says that it is.
NEEDED = 'Redundant role "list"'


class PageChecker:
    """html-validate, running: to start it takes longer than to look at a page."""

    def __init__(self, node: str) -> None:
        assert CHECKS.is_dir(), "html-validate is missing: run `make setup-dev`"
        command = [node, str(SCRIPT), str(CHECKS), json.dumps(RULES)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def mistakes(self, pages: dict[str, str]) -> list[str]:
        """Each mistake, with the page, the rule and the element; empty when there is none."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(pages), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"html-validate has ended with {self._process.wait()}; what it said stands above"
        found = [each for each in json.loads(answer) if not each[2].startswith(NEEDED)]
        return [f"{path}: {rule}: {what} {where}" for path, rule, what, where in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
