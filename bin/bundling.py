"""One script and one sheet for all pages, made of static/js, static/vendor and static/css.

A first visit then asks for two files and not for seventy. The server serves them while they are younger than all that
they were made of, and the separate files otherwise: whoever changes a script sees the change without a build.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import List  # noqa: UP035 - an older Python must be able to read this

from compressing import gzipped
from console import ROOT, run_logged

STATIC = ROOT / "static"
SOURCES = (STATIC / "js", STATIC / "vendor", STATIC / "css")
BUNDLES = (STATIC / "dist" / "app.js", STATIC / "dist" / "app.css")
# What the scripts are written in: nothing is made simpler for browsers that could not run the separate files.
TARGET = "es2022"
# How the separate files load a controller: as a page needs it.
CONTROLLER = re.compile(r'\(\) => import\("(\./controllers/(\w+)\.js)"\)')
# What most visits need nothing of stays files of its own, which are loaded on first use.
LATE = (
    "helpers/attachments.js",
    "helpers/emoji_completion.js",
    "helpers/emoji_dialog.js",
    "helpers/hints.js",
    "helpers/long_paste.js",
    "helpers/picture_show.js",
    "helpers/room_chooser.js",
    "helpers/sign_in_dialog.js",
    "room/lease.js",
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
    with tempfile.TemporaryDirectory(prefix="chatapp-bundles-") as folder:
        scratch = Path(folder).resolve()
        for source in (*SOURCES, ROOT / "frontend"):
            shutil.copytree(source, scratch / source.relative_to(ROOT), ignore=shutil.ignore_patterns("node_modules"))
        script = scratch / "static" / "js" / "app.js"
        script.write_text(with_its_controllers(script.read_text(encoding="utf-8")), encoding="utf-8")
        if not run_logged(command(esbuild, scratch), log):
            return False
        for made in BUNDLES:
            made.parent.mkdir(exist_ok=True)
            made.write_bytes((scratch / "static" / "dist" / made.name).read_bytes())
            made.with_name(f"{made.name}.gz").write_bytes(gzipped(made.read_bytes()))
    return True


def with_its_controllers(script: str) -> str:
    """app.js with all controllers in it from the start.

    What is imported where it is needed is wrapped in a bundle, each module by itself: 3 % more to load.
    """
    imports = [f'import * as {name} from "{path}";\n' for path, name in CONTROLLER.findall(script)]
    return "".join(imports) + CONTROLLER.sub(r"() => \2", script)


def command(esbuild: Path, folder: Path) -> List[str]:  # noqa: UP006
    """What makes the bundles of a copy of the sources in `folder`."""
    entries = [str(folder / "static" / "js" / "app.js"), str(folder / "frontend" / "app.css")]
    options = ["--bundle", "--minify", "--format=esm", f"--target={TARGET}", "--entry-names=[name]"]
    options += [f"--external:{folder / 'static' / 'js' / name}" for name in LATE]
    return [str(esbuild), *entries, *options, f"--outdir={folder / 'static' / 'dist'}", "--log-level=warning"]
