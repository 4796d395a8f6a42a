"""What html-validate finds wrong with pages: all in one process of Node.js."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CHECKS = ROOT / ".venv" / "checks"  # by bin/page_checker
SCRIPT = Path(__file__).with_name("validate_pages.mjs")

# All rules of the HTML standard, of accessibility and of whole documents, but for what these ask beyond the standard.
RULES: dict[str, object] = {
    # The standard asks for no h1 before an h2: what stands beside a page, and dialogs, come before its own title.
    "heading-level": ["error", {"minInitialRank": "h2", "sectioningRoots": []}],
    # A list under a box in which one types can be no <select>; a log that is scrolled is named by its role.
    "prefer-native-element": ["error", {"exclude": ["listbox", "region"]}],
    # Lists may have names (ARIA in HTML, 4): "People who are here" is one.
    "aria-label-misuse": ["error", {"allowAnyNamable": True}],
    # All our files come from our own server, as the Content-Security-Policy says.
    "require-sri": ["error", {"target": "crossorigin"}],
    # The buttons of the emoji stand with their messages and name their form, which has none where nobody reacted.
    "wcag/h32": "off",
    # A room's name may have 80 characters, and is the title.
    "long-title": "off",
}


def mistakes(node: str, pages: dict[str, str]) -> list[str]:
    """Each mistake, with the page, the rule and the element; empty when there is none."""
    assert CHECKS.is_dir(), "html-validate is missing: run `make setup-dev`"
    command = [node, str(SCRIPT), str(CHECKS), json.dumps(RULES)]
    run = subprocess.run(command, input=json.dumps(pages), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return [f"{path}: {rule}: {what} {where}" for path, rule, what, where in json.loads(run.stdout)]
