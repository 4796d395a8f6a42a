"""What each emoji is called, in the languages of the pages: for the picker, which loads it when it first opens.

Made at set-up of a package's tables, which hold far more and in many more languages. One list for each catalogue in
locales/, in the order in which pickers show them: the emoji, its name, other words for it. A list of another language
ends with the English name: many know that one.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Dict, List  # noqa: UP035 - an older Python must be able to read this

from console import ROOT

VENDOR = ROOT / "static" / "vendor"
NAMES = {path.stem: VENDOR / f"emoji.{path.stem}.json" for path in sorted((ROOT / "locales").glob("*.json"))}
LICENSE = VENDOR / "emoji.LICENSE.txt"
PARTS = 2  # the group of what is no emoji by itself: the colours of skin and hair


def make_names(package: Path) -> None:
    """Write all of them, with the licence of where they come from."""
    english = {each["hexcode"]: each["label"] for each in tables(package, "en")}
    for language, path in NAMES.items():
        rows = [row(each, english[each["hexcode"]]) for each in tables(package, language)]
        path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", LICENSE)


def tables(package: Path, language: str) -> List[Dict[str, Any]]:  # noqa: UP006
    """The emoji of one language, in order; in English where the package does not speak it."""
    path = package / language / "compact.json"
    found = json.loads((path if path.exists() else package / "en" / "compact.json").read_text(encoding="utf-8"))
    return sorted((each for each in found if each.get("group", PARTS) != PARTS), key=lambda each: each["order"])


def row(each: Dict[str, Any], english: str) -> List[str]:  # noqa: UP006
    """The emoji, its name, and the other words for it, each once."""
    return [each["unicode"], *dict.fromkeys([each["label"], *each.get("tags", []), english])]
