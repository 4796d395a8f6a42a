"""One script and one sheet for all pages, made of static/js, static/vendor and static/css.

A first visit then asks for two files and not for seventy. The server serves them while they are younger than all that
they were made of, and the separate files otherwise: whoever changes a script sees the change without a build.
"""

from pathlib import Path
from typing import List  # noqa: UP035 - an older Python must be able to read this

from compressing import gzipped
from console import ROOT, run_logged

STATIC = ROOT / "static"
SOURCES = (STATIC / "js", STATIC / "vendor", STATIC / "css")
BUNDLES = (STATIC / "dist" / "app.js", STATIC / "dist" / "app.css")
# What the scripts are written in: nothing is made simpler for browsers that could not run the separate files.
TARGET = "es2022"
# What most visits need nothing of stays files of its own, which are loaded on first use.
LATE = (
    "helpers/attachments.js",
    "helpers/emoji_completion.js",
    "helpers/emoji_dialog.js",
    "helpers/hints.js",
    "helpers/long_paste.js",
    "helpers/picture_show.js",
    "helpers/room_chooser.js",
)


def is_bundled() -> bool:
    """Whether the bundles are there, and younger than what they were made of."""
    if not all(bundle.exists() for bundle in BUNDLES):
        return False
    return min(bundle.stat().st_mtime for bundle in BUNDLES) >= max(path.stat().st_mtime for path in sources())


def sources() -> List[Path]:  # noqa: UP006
    """The files that the bundles are made of, with the order of the sheets."""
    found = [path for folder in SOURCES for path in folder.rglob("*") if path.suffix in {".js", ".css"}]
    return [*found, ROOT / "frontend" / "app.css"]


def bundle(esbuild: Path, log: Path) -> bool:
    """Make the bundles anew, each with a .gz beside it. False when the bundler failed; `log` says why."""
    command = [str(esbuild), str(STATIC / "js" / "app.js"), str(ROOT / "frontend" / "app.css")]
    command += ["--bundle", "--minify", "--format=esm", f"--target={TARGET}", "--entry-names=[name]"]
    command += [f"--external:{STATIC / 'js' / name}" for name in LATE]
    if not run_logged([*command, f"--outdir={BUNDLES[0].parent}", "--log-level=warning"], log):
        return False
    for made in BUNDLES:
        made.with_name(f"{made.name}.gz").write_bytes(gzipped(made.read_bytes()))
    return True
