"""Code in colours: for the languages that are named and known, and never for long. (behaviour 36)"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.text import render
from chatapp.text.budget import MAX_WORK, new_budget
from chatapp.text.highlight import CLASSES, LANGUAGES, MAX_CHARS, MAX_SECONDS, highlighted, preparations
from tests.text.safe_html import SafeHtml

ALIASES = sorted(set(LANGUAGES.values()))
PYTHON = 'def greet(name):\n    return f"hello {name}" + 1  # a <comment>\n'
# What makes a regular expression try again from each place: what opens and never closes, and long runs.
NASTY = ["/*", "<!--", '"', "'", "`", "'''", "${", "#{", "<<A\n", "(", "{", "[", "<", "<a ", "\\", "a", "1", "_"]
NASTY += [" ", "\n", "\t", "-- ", "//", "@", "$", "%", ":", "=", "a.", "a b ", "A::", "1e", "0x", "&", "r#", '"\\']
NASTY += ["한", "\u202e"]
CATASTROPHE = 0.25  # seconds; a blow-up gets there, a slow machine does not


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> None:
    for prepare in preparations():
        prepare()


def test_the_parts_of_known_code_have_classes_and_no_styles() -> None:
    html = render(f"```python\n{PYTHON}```")
    for part in (
        '<pre dir="ltr" tabindex="0"><code class="language-python"><span class="code-keyword">def</span>',
        '<span class="code-name">greet</span>',
        '<span class="code-keyword">return</span>',
        '<span class="code-number">1</span>',
        '<span class="code-comment"># a &lt;comment&gt;</span>',
    ):
        assert part in html
    assert "style" not in html


def test_a_difference_shows_what_came_and_what_went() -> None:
    html = render("```diff\n-old\n+new\n```")
    assert '<span class="code-removed">-old</span>' in html
    assert '<span class="code-added">+new</span>' in html


@pytest.mark.parametrize("language", ["", "text", "nonsense", "brainfuck", "py3<script>"])
def test_code_of_no_language_or_an_unknown_one_is_plain(language: str) -> None:
    assert "<span" not in render(f"```{language}\n{PYTHON}```")


def test_a_language_is_known_by_its_usual_names_in_any_case() -> None:
    assert "<span" in render(f"```PY title=x\n{PYTHON}```")
    assert render("```sh\nls # x\n```").replace("sh", "bash") == render("```bash\nls # x\n```")


def test_a_link_a_mention_and_an_emoji_in_code_stay_text() -> None:
    page = SafeHtml(render("```python\n# https://a.example @bob :smile: **a**\n```"))
    assert page.links == []
    assert page.text.strip() == "# https://a.example @bob :smile: **a**"


@pytest.mark.parametrize("alias", ALIASES)
def test_every_language_keeps_every_character(alias: str) -> None:
    code = PYTHON + "\t<a href='b'>&amp;</a>\n$ ls\n+ 한글 \U0001f600\n\n  "
    html = highlighted(code, alias, new_budget())
    assert html is not None
    page = SafeHtml(html)
    assert (page.text, page.troubles) == (code, [])
    assert set(page.tags) <= {"span"}


def test_only_our_own_classes_come_out() -> None:
    html = "".join(render(f"```{alias}\n{PYTHON}```") for alias in ALIASES)
    assert {part.split('"')[0] for part in html.split('<span class="')[1:]} <= CLASSES


def test_long_code_is_plain_and_what_is_short_beside_it_is_not() -> None:
    long, short = "a = 1\n" * (MAX_CHARS // 6 + 1), "b = 2\n"
    html = render(f"```py\n{long}```\n```py\n{short}```")
    assert html.count("<pre") == 2
    assert html.count("<span") == 1
    assert "a = 1\na = 1" in html


def test_a_page_of_code_is_coloured() -> None:
    assert render(f"```py\n{PYTHON * 25}```").count("<span") > 150


def test_what_costs_too_much_is_plain_and_keeps_the_markup_around_it() -> None:
    html = render("**bold**\n```py\n" + "1+" * (MAX_CHARS // 2 - 10) + "1\n```\n*end*")
    assert "<span" not in html
    assert "<strong>bold</strong>" in html
    assert "<em>end</em>" in html


def test_many_small_blocks_share_one_budget() -> None:
    html = render("```py\na=1;b=2;c=3;d=4\n```\n" * 300)
    assert 0 < html.count("<span") < MAX_WORK


@pytest.mark.parametrize("alias", ALIASES)
def test_no_pattern_takes_long_in_any_language(alias: str) -> None:
    for pattern in NASTY:
        code = (pattern * MAX_CHARS)[:MAX_CHARS]
        assert seconds(code, alias) < CATASTROPHE, pattern


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ALIASES),
    st.lists(st.tuples(st.sampled_from(NASTY), st.sampled_from([1, 30, 1500])), min_size=1, max_size=5),
)
def test_no_mixture_of_patterns_takes_long_or_loses_a_character(alias: str, parts: list[tuple[str, int]]) -> None:
    code = "".join(pattern * times for pattern, times in parts)[:MAX_CHARS]
    started = time.thread_time()
    html = highlighted(code, alias, new_budget())
    assert time.thread_time() - started < CATASTROPHE
    assert html is None or SafeHtml(html).text == code


def seconds(code: str, alias: str) -> float:
    started = time.thread_time()
    highlighted(code, alias, new_budget())
    return time.thread_time() - started


def test_the_clock_ends_what_the_budget_does_not() -> None:
    assert MAX_SECONDS < 0.05
    budget = new_budget()
    budget["code_seconds"] = MAX_SECONDS
    assert highlighted(PYTHON, "python", budget) is None
