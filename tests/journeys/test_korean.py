"""Hangul and Kana, composed as an input method composes them: the browser's own events, not typed letters."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import CDPSession, expect

from tests.journeys.conftest import NewRoom, Said, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

IN_USE_BY_THE_INPUT_METHOD = 229  # the keyCode of a key that an input method took

Composed = tuple[list[str], str]
HANGUL: Composed = (["ㅇ", "아", "안", "안ㄴ", "안녀", "안녕"], "안녕")
KANA: Composed = (["k", "か", "かn", "かん", "かんj", "かんじ"], "漢字")


class InputMethod:
    """Composes in the box that has the focus."""

    def __init__(self, visitor: Visitor) -> None:
        self._session: CDPSession = visitor.context.new_cdp_session(visitor.page)

    def compose(self, steps: list[str]) -> None:
        """Show these one after the other, each in place of the one before; nothing is committed."""
        for text in steps:
            self._session.send(
                "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
            )

    def commit(self, text: str) -> None:
        """End the composition with this text."""
        self._session.send("Input.insertText", {"text": text})

    def take_enter(self) -> None:
        """Enter, as a page sees it when the input method has taken it: keyCode 229."""
        self.take("Enter")

    def take(self, name: str) -> None:
        """The same of any key."""
        for kind in ("rawKeyDown", "keyUp"):
            key = {"key": name, "code": name, "windowsVirtualKeyCode": IN_USE_BY_THE_INPUT_METHOD}
            self._session.send("Input.dispatchKeyEvent", {"type": kind, **key})


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom) -> Visitor:
    """Bob in an empty room, writing."""
    bob = visit("Bob")
    bob.open_room(new_room())
    bob.box.focus()
    return bob


@pytest.fixture
def input_method(bob: Visitor) -> InputMethod:
    return InputMethod(bob)


def nothing_was_sent(visitor: Visitor) -> bool:
    """Whether neither a confirmed line nor one on its way is there."""
    return visitor.lines.count() + visitor.pending.count() == 0


@pytest.mark.parametrize(("steps", "text"), [HANGUL, KANA], ids=["hangul", "kana"])
def test_enter_while_composing_does_not_send(
    bob: Visitor, input_method: InputMethod, steps: list[str], text: str
) -> None:
    input_method.compose(steps)
    expect(bob.box).to_have_value(steps[-1])

    input_method.take_enter()
    bob.page.keyboard.press("Control+Enter")
    assert nothing_was_sent(bob)
    assert bob.box.input_value().startswith(steps[-1])


@pytest.mark.parametrize(("steps", "text"), [HANGUL, KANA], ids=["hangul", "kana"])
def test_enter_after_composing_sends_the_whole_text_once(
    bob: Visitor, input_method: InputMethod, steps: list[str], text: str
) -> None:
    for _ in range(2):  # two words
        input_method.compose(steps)
        input_method.commit(text)
    bob.page.keyboard.press("Enter")

    expect(bob.line(text * 2)).to_be_visible()
    expect(bob.box).to_have_value("")
    expect(bob.pending).to_have_count(0)
    assert bob.bodies.all_inner_texts() == [text * 2]


def test_enter_that_safari_reports_after_the_composition_does_not_send(bob: Visitor, input_method: InputMethod) -> None:
    steps, text = HANGUL
    input_method.compose(steps)
    input_method.commit(text)
    input_method.take_enter()  # behaviour 2: isComposing is false by now, only 229 tells

    assert nothing_was_sent(bob)
    assert bob.box.input_value().startswith(text)


def test_the_button_while_composing_sends_the_last_syllable_too_and_only_once(
    bob: Visitor, input_method: InputMethod
) -> None:  # behaviour 3
    input_method.compose(HANGUL[0])
    bob.page.get_by_role("button", name="Send").click()

    expect(bob.line("안녕")).to_be_visible()
    expect(bob.box).to_have_value("")
    assert bob.bodies.all_inner_texts() == ["안녕"]


def test_who_reads_korean_gets_korean_pages(visit: Visit, said: Said, sign_in: SignIn) -> None:
    room_id = said(("Alice", "안녕하세요, 여러분!"))
    stored = sign_in("Alice").get(f"/rooms/{room_id}/messages/1").json["created_at"]
    now = datetime.fromisoformat(stored).astimezone(ZoneInfo("Asia/Seoul"))
    bob = visit("Bob", locale="ko-KR", timezone_id="Asia/Seoul")
    bob.page.clock.set_fixed_time(now)  # it may be noon or midnight in Seoul in the middle of this test
    bob.open_room(room_id)

    expect(bob.page.locator("html")).to_have_attribute("lang", "ko")
    expect(bob.page.get_by_role("button", name="보내기")).to_be_visible()
    expect(bob.page.locator(".day__name")).to_have_text("오늘")
    clock = f"{'오전' if now.hour < 12 else '오후'} {now.hour % 12 or 12}:{now:%M}"
    expect(bob.message(1).locator(".message__time")).to_have_text(clock)
    bob.say("반갑습니다.")
    expect(bob.line("반갑습니다.")).to_be_visible()
