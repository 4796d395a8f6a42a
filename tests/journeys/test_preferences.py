"""Light or dark, the clock: by the system and by choice, at once, in every tab, and without a script."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewRoom, Said, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor

pytestmark = pytest.mark.journey

PAPER = {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 24, 23)"}
BAR = """() => [...document.querySelectorAll("[name=theme-color]")]
  .find((meta) => matchMedia(meta.media).matches)?.content"""
DEFAULTS = {"theme": "system", "send_key": "enter", "clock": "locale", "single_keys": "on"}


@pytest.fixture(autouse=True)
def nothing_chosen(sign_in: SignIn) -> Iterator[None]:
    """Bob as he is in all other journeys, before and after."""
    forget(sign_in)
    yield
    forget(sign_in)


def forget(sign_in: SignIn) -> None:
    assert sign_in("Bob").post("/account/preferences", DEFAULTS).status == 200


def choose(visitor: Visitor, *words: str, button: str = "Save") -> None:
    """Choose by the words beside the circles, on the account page."""
    visitor.goto("/account")
    section = visitor.page.locator("section").filter(has=visitor.page.locator("[name=theme]"))
    for each in words:
        section.get_by_label(each, exact=True).check()
    section.get_by_role("button", name=button).click()
    expect(visitor.page).to_have_url(re.compile(r"saved=1"))


def paper(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_choice_wins_over_the_system_and_can_be_taken_back(visit: Visit, system: str) -> None:
    bob = visit("Bob", color_scheme=system)
    bob.goto("/rooms")
    assert paper(bob.page) == PAPER[system]
    for words, scheme in (("Light", "light"), ("Dark", "dark"), ("As the device has them", system)):
        choose(bob, words)
        assert paper(bob.page) == PAPER[scheme]
        bob.goto("/people")
        assert paper(bob.page) == PAPER[scheme]


def test_other_tabs_follow_at_once_and_other_people_do_not(visit: Visit, new_room: NewRoom) -> None:
    bob, charlie = visit("Bob"), visit("Charlie")
    bob.open_room(new_room())
    room = bob.page
    bob.page = bob.context.new_page()
    choose(bob, "Dark", "Ctrl+Enter; Enter breaks the line")
    html = room.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    expect(html).to_have_attribute("data-send-key", "ctrl-enter")
    assert paper(room) == PAPER["dark"]
    choose(bob, "As the device has them", "Enter")
    expect(html).not_to_have_attribute("data-theme", re.compile(""))
    expect(html).not_to_have_attribute("data-send-key", re.compile(""))
    charlie.goto("/rooms")
    assert paper(charlie.page) == PAPER["light"]


def bar(page: Page) -> str | None:
    """The colour that a phone's browser gives its bar: of the first that holds."""
    colour: str | None = page.evaluate(BAR)
    return colour


def test_the_bar_of_the_browser_goes_with_the_page_in_other_tabs_too(visit: Visit) -> None:
    bob = visit("Bob")
    bob.goto("/rooms")
    rooms = bob.page
    bob.page = bob.context.new_page()
    for words, colour in (("Dark", "#141817"), ("Light", "#f6f4ef"), ("As the device has them", "#f6f4ef")):
        choose(bob, words)
        assert bar(bob.page) == colour
        bob.eventually(lambda: bar(rooms) == colour, "the other tab's is the same")  # noqa: B023 - asked here and now


def test_other_tabs_tell_their_times_by_the_chosen_clock_at_once(visit: Visit, said: Said) -> None:
    bob = visit("Bob", timezone_id=where_it_is_early())  # behaviour 33
    left, shown = said(("Alice", "when?")), said(("Alice", "and now?"))
    bob.open_room(left)
    room, account = bob.page, bob.context.new_page()
    room.locator(f".sidebar .room-entry[data-room-id='{shown}'] a").click()
    expect(bob.line("and now?")).to_be_visible()
    account.goto(f"{bob.url}/account")
    times = [page.locator(":is(.log, .page) time[title]").last for page in (room, account)]
    bob.page = bob.context.new_page()
    for words, looks in (("14:05", r"\d\d:\d\d$"), ("2:05 pm", r"\d (am|pm)$")):
        choose(bob, words)
        for time in times:
            expect(time).to_have_text(re.compile(looks))
            expect(time).to_have_attribute("title", re.compile(looks[:-1].replace(r"\d (", r"\d:\d\d (")))
    room.locator(f".sidebar .room-entry[data-room-id='{left}'] a").click()
    expect(room.get_by_text("when?", exact=True)).to_be_visible()
    expect(times[0]).to_have_text(re.compile(looks))


def test_the_keys_are_named_as_they_are_chosen_now(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob")
    bob.open_room(new_room())
    room = bob.page
    room.keyboard.press("Control+/")
    dialog = room.get_by_role("dialog", name="Keys")
    assert rows_of(dialog)[:3] == ["Enter Send", "Shift Enter New line", "Ctrl Enter Send, on a phone too"]
    bob.page = bob.context.new_page()
    choose(bob, "Ctrl+Enter; Enter breaks the line", "None: always with Ctrl or Alt")
    bob.goto("/help")
    for shown in (dialog, bob.page.locator(".keys")):
        rows = rows_of(shown)
        assert rows[:3] == ["Ctrl Enter Send", "Enter New line", "↑ Up Edit your last message, when the box is empty"]
        assert "R Reply" not in rows
        assert "Ctrl / These keys" in rows


def rows_of(keys: Locator) -> list[str]:
    """Keys and what they do, as one sees them."""
    return [" ".join(row.split()) for row in keys.locator(".keys__row:visible").all_inner_texts()]


def where_it_is_early() -> str:
    """A zone in which the hour has one digit now, or will in a moment."""
    ahead = 4 - datetime.now(UTC).hour
    return f"Etc/GMT{-(ahead if ahead >= -12 else ahead + 24):+d}"  # with the sign that POSIX gave them


@pytest.mark.parametrize(("words", "looks"), [("2:05 pm", r"\d (am|pm)$"), ("14:05", r"^\d\d:\d\d$")])
def test_times_are_told_as_one_chose_to_read_them(visit: Visit, new_room: NewRoom, words: str, looks: str) -> None:
    bob = visit("Bob", timezone_id=where_it_is_early())  # behaviour 33
    choose(bob, words)
    bob.open_room(new_room())
    bob.say("when?")
    expect(bob.lines.locator(".message__time")).to_have_text(re.compile(looks))


def test_single_keys_mean_nothing_to_whom_they_would_get_in_the_way(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob")  # behaviour 67
    bob.open_room(new_room())
    room = bob.page
    bob.say("mine")
    expect(bob.line("mine")).to_be_visible()
    bob.page = bob.context.new_page()
    choose(bob, "None: always with Ctrl or Alt")
    expect(room.locator("html")).to_have_attribute("data-single-keys", "off")

    bob.page = room
    keys, dialog = room.keyboard, room.get_by_role("dialog", name="Keys")
    room.bring_to_front()
    bob.box.focus()
    keys.press("Shift+Tab")
    expect(bob.line("mine")).to_be_focused()
    for key in ("?", "e", "r"):
        keys.press(key)
    expect(bob.line("mine")).to_be_focused()
    expect(dialog).to_be_hidden()
    expect(room.locator(".log .edit-box, .composer__reply:not([hidden])")).to_have_count(0)
    expect(bob.box).to_have_value("")
    keys.press("Control+/")
    expect(dialog).to_be_visible()
    keys.press("Escape")
    keys.press("Delete")
    expect(room.get_by_role("dialog", name="Delete message")).to_be_visible()


def test_it_works_without_a_script_and_in_korean(visit: Visit) -> None:
    bob = visit("Bob", java_script_enabled=False, locale="ko-KR")
    bob.allow(SCRIPT_NOT_RUN)
    choose(bob, "어둡게", button="저장")
    expect(bob.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(bob.page.get_by_label("어둡게")).to_be_checked()


def test_what_is_dark_on_the_screen_is_printed_on_white_paper(visit: Visit) -> None:
    bob = visit("Bob")
    choose(bob, "Dark")
    bob.page.emulate_media(media="print")
    assert bob.page.evaluate("() => getComputedStyle(document.body).color") == "rgb(35, 39, 42)"


def test_where_the_system_chooses_all_colours_a_choice_changes_none(visit: Visit) -> None:
    bob = visit("Bob", forced_colors="active")
    bob.goto("/rooms")
    system = paper(bob.page)
    choose(bob, "Dark")
    bob.goto("/rooms")
    assert paper(bob.page) in (system, "rgb(0, 0, 0)")  # the system's ground, of its own dark scheme
