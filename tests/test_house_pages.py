"""The rules of the house for templates, styles and scripts."""

import json
import re
from pathlib import Path

import pytest

from tests.test_house import files, read

TEMPLATES = r"templates/.*\.html"
SCRIPTS = r"static/js/.*\.js"
SHEETS = r"static/css/.*\.css"
INCLUDED = re.compile(r'{%-?\s*(?:include|from|extends|import)\s+"([^"]+)"')
# The system's (`CanvasText`, `Highlight`) are no choice of ours. Longer words that hold such a name are something else.
NAMES = (
    "white|black|gr[ae]y|silver|red|green|blue|navy|teal|lime|aqua|yellow|orange|gold|brown|purple|pink|magenta|cyan"
)
COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|(?<![\w-])(?:{NAMES})(?![\w-])",
    re.IGNORECASE,
)
# Rows of a hair's breadth are drawn where they are, and what goes with the text or with the screen is no size of ours.
SIZE = re.compile(r"(?<![\w.-])-?(?:\d*\.)?\d+(?:rem|px|pt|pc|cm|mm|in|ch|ex|cap|ic|lh|rlh)\b", re.IGNORECASE)
SIDE = re.compile(r"\b(?:left|right)\b")
HAIRLINE = re.compile(r"-?[0-4]px")
SCREENS = {"width < 30rem", "width < 40rem", "width < 52rem", "width >= 52rem", "height < 26rem"}
IMPORTED = re.compile(r'^(?:import|export)\s(?:[^"]*\sfrom\s)?"([^"]+)"', re.MULTILINE)


def templates() -> dict[str, str]:
    """The templates by the name that others include them by, without their comments."""
    return {
        path.removeprefix("templates/"): re.sub(r"{#.*?#}", "", read(path), flags=re.DOTALL)
        for path in files(TEMPLATES)
    }


def holding(pattern: str, texts: dict[str, str]) -> list[str]:
    return [name for name, text in texts.items() if re.search(pattern, text, re.IGNORECASE)]


def scripts() -> dict[str, str]:
    """Our scripts by their path, without their comments."""
    return {path: re.sub(r"^\s*(//|\*|/\*).*$", "", read(path), flags=re.MULTILINE) for path in files(SCRIPTS)}


def test_html_is_taken_as_safe_in_one_place() -> None:
    assert sum(text.count("|safe") + text.count("| safe") for text in templates().values()) == 1
    assert "message.html|safe" in templates()["messages/_message.html"]
    assert holding(r"autoescape|\bMarkup\b", templates()) == []


def test_python_never_calls_html_safe() -> None:
    assert [path for path in files(r"chatapp/.*\.py") if re.search(r"\bMarkup\b|autoescape=False", read(path))] == []


def test_no_template_has_a_style_or_a_script_in_it() -> None:
    assert holding(r"<style|\sstyle=|\son[a-z]+=|javascript:", templates()) == []
    assert [name for name, text in templates().items() if re.search(r"<script(?![^>]*\ssrc=)", text)] == []


def test_every_partial_is_used() -> None:
    used = {name for text in templates().values() for name in INCLUDED.findall(text)}
    used |= {name for path in files(r"chatapp/.*\.py") for name in re.findall(r'"([\w/]+\.html)"', read(path))}
    assert set(templates()) - used == set()
    assert used - set(templates()) == set()


def test_the_one_renderer_of_a_message_knows_no_reader() -> None:
    used = re.findall(
        r"\b(me|t|locale|request|csrf\w*|url_for|static_url|company_name)\b", templates()["messages/_message.html"]
    )
    assert used == []


def test_templates_ask_no_database() -> None:
    assert holding(r"\b(session|current_user|db\.|\w+\.query)\b", templates()) == []


def test_every_form_that_posts_carries_its_token() -> None:
    for name, text in templates().items():
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert "csrf()" in form or "csrf_token()" in form, name


def test_every_list_says_that_it_is_one() -> None:
    # Safari tells VoiceOver of none where CSS takes the marks away. In prose they stay.
    lists = {name: re.findall(r"<[uo]l (?![^>]*\brole=)[^>]*>", text) for name, text in templates().items()}
    assert {name: found for name, found in lists.items() if found} == {}


def test_every_sentence_that_a_template_says_is_in_every_catalogue() -> None:
    said = {key for text in templates().values() for key in re.findall(r'\bt\("([\w.]+)"[,)]', text)}
    for path in files(r"locales/\w+\.json"):
        assert said - set(json.loads(read(path))) == set(), path


def test_html_reaches_the_page_through_one_helper() -> None:
    assert set(holding(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser", scripts())) <= {
        "static/js/helpers/dom.js"
    }


def test_scripts_evaluate_nothing() -> None:
    assert holding(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]", scripts()) == []


def test_one_script_knows_the_socket_client() -> None:
    knowing = [path for path, text in scripts().items() if any("socket.io" in name for name in IMPORTED.findall(text))]
    assert knowing == ["static/js/socket.js"]


def test_scripts_import_files_that_are_there_by_relative_paths() -> None:
    for path, text in scripts().items():
        for name in IMPORTED.findall(text):
            assert name.startswith("."), (path, name)
            target = (Path(path).parent / name).as_posix()
            resolved = re.sub(r"[^/]+/\.\./", "", target)
            assert files(re.escape(resolved)) or "/vendor/" in resolved, (path, name)


def test_room_scripts_own_no_element() -> None:
    rooms = {path: text for path, text in scripts().items() if path.startswith("static/js/room/")}
    assert rooms
    assert holding(r"\b(document|window)\.|querySelector", rooms) == []


def test_every_controller_of_a_page_is_a_file_and_every_file_is_used() -> None:
    named = {name for text in templates().values() for name in re.findall(r'data-controller="([\w-]+)"', text)}
    written = {Path(path).stem.replace("_", "-") for path in files(r"static/js/controllers/.*\.js")}
    assert named == written


def test_styles_need_no_force_and_load_nothing_from_elsewhere() -> None:
    sheets = {path: re.sub(r"/\*.*?\*/", "", read(path), flags=re.DOTALL) for path in files(SHEETS)}
    assert holding(r"!important|@import|https?://|url\(", sheets) == []
    assert [path for path, text in sheets.items() if re.search(r"^\s*#[\w-]+[^;]*{", text, re.MULTILINE)] == []


def declarations(sheet: str) -> list[str]:
    """What the rules of a sheet declare, one by one."""
    rules = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheet, flags=re.DOTALL)
    return [each.strip() for each in re.findall(r"[{;]\s*([\w-]+\s*:[^;{}]*)(?=[;}])", rules)]


def colours(sheet: str) -> list[str]:
    """The declarations of a sheet that choose a colour themselves."""
    return [each for each in declarations(sheet) if COLOUR.search(each)]


def sizes(sheet: str) -> list[str]:
    """Those that choose a space or a size themselves."""
    return [each for each in declarations(sheet) if any(not HAIRLINE.fullmatch(size) for size in SIZE.findall(each))]


def test_colours_are_chosen_in_one_file() -> None:
    chosen = {path: colours(read(path)) for path in files(SHEETS) if not path.endswith("tokens.css")}
    assert {path: each for path, each in chosen.items() if each} == {}


@pytest.mark.parametrize(
    "spoilt",
    [
        "#fff",
        "#A1b2C3d4",
        "rgb(0 0 0 / 7%)",
        "hsl(1 2% 3%)",
        "oklch(1 0 0)",
        "color-mix(in srgb, red, var(--ink))",
        "1px solid white",
    ],
)
def test_a_colour_in_another_file_is_found(spoilt: str) -> None:
    sheet = "@layer base { .white:hover { color: var(--red, CanvasText); } .a { border: %s } .b #add { inset: 0; } }"
    assert colours(sheet % "1px solid var(--line)") == []
    assert colours(sheet % spoilt) == [f"border: {spoilt}"]


def test_spaces_and_sizes_are_chosen_in_one_file() -> None:
    chosen = {path: sizes(read(path)) for path in files(SHEETS) if not path.endswith("tokens.css")}
    assert {path: each for path, each in chosen.items() if each} == {}


@pytest.mark.parametrize("spoilt", ["1rem", "-.5rem", "5px", "12px", "calc(100% - 2rem)", "min(30ch, 100%)"])
def test_a_size_in_another_file_is_found(spoilt: str) -> None:
    sheet = "@media (width < 40rem) { .a { padding: 0 1px -2px 0.5em 4px 40vh; inset: calc(-1 * var(--b-2)) %s; } }"
    assert sizes(sheet % "100%") == []
    assert len(sizes(sheet % spoilt)) == 1


def one_sided(sheet: str) -> list[str]:
    """Those that name a left or a right side, or mean one: a page may run from right to left."""
    return [each for each in declarations(sheet) if SIDE.search(re.sub(r"--[\w-]+", "", each)) or is_uneven(each)]


def is_uneven(declaration: str) -> bool:
    """Whether its second and fourth value, which are right and left, differ."""
    name, _, value = declaration.partition(":")
    values = re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", value)
    return name.strip() in ("margin", "padding", "inset") and len(values) == 4 and values[1] != values[3]


def test_nothing_has_a_left_or_a_right_side() -> None:
    # Where a hint stands a script finds out, from where the thing stands.
    found = {path: [each for each in one_sided(read(path)) if "--hint-left" not in each] for path in files(SHEETS)}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "spoilt",
    ["left: 0", "margin-right: 1px", "text-align: left", "border-left: 0", "padding: 0 1px 0 var(--a)", "float: right"],
)
def test_a_side_is_found(spoilt: str) -> None:
    sheet = ".left { margin: 1px max(1px, env(a)) 2px max(1px, env(a)); color: var(--left); %s; }"
    assert one_sided(sheet % "padding: 0 var(--right)") == []
    assert one_sided(sheet % spoilt) == [spoilt]


def test_screens_are_told_apart_at_the_same_few_places() -> None:
    asked = {each for path in files(SHEETS) for each in re.findall(r"\((width|height)([^)]*)\)", read(path))}
    assert {"".join(each) for each in asked} - SCREENS == set()


def test_every_sheet_is_asked_for_by_the_page_or_by_a_script_and_in_the_same_order_in_the_bundle() -> None:
    asked_for = re.findall(r'"(\w+)"', re.findall(r"for sheet in \[(.*?)\]", templates()["base.html"])[0])
    late = {name for text in scripts().values() for name in re.findall(r'loadSheet\("(\w+)"\)', text)}
    assert {Path(path).stem for path in files(SHEETS)} == set(asked_for) | late
    assert not late & set(asked_for)
    assert re.findall(r'@import "\.\./static/css/(\w+)\.css";', read("frontend/app.css")) == asked_for


def test_the_icons_of_a_page_differ_in_their_number_alone() -> None:
    words = {**{str(number): str(number) for number in range(1, 10)}, "more": "9+"}
    icons = {name: read(f"static/icon-direct-{name}.svg") for name in words}
    assert [name for name, icon in icons.items() if f">{words[name]}</text>" not in icon] == []
    assert len({re.sub(r"<text.*</text>", "", icon) for icon in icons.values()}) == 1
