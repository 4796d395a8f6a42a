"""Files that people bring to the page: chosen, dropped, or on the clipboard."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, expect

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor

DROP = """([files, types]) => {
    const dropped = new DataTransfer();
    for (const { name, data } of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        dropped.items.add(new File([bytes], name));
    }
    const target = document.querySelector(".log") ?? document.body;
    const told = types.map((type) => target.dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: dropped })));
    return told.at(-1);
}"""
PASTE = """([files, text]) => {
    const copied = new DataTransfer();
    for (const { name, data } of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        copied.items.add(new File([bytes], name));
    }
    copied.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: copied });
    return document.activeElement.dispatchEvent(event);
}"""
COPY_TEXT = "(text) => navigator.clipboard.writeText(text)"

COPY_PICTURE = """async ([data, text]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const item = { "image/png": new Blob([bytes], { type: "image/png" }) };
    if (text) item["text/plain"] = new Blob([text], { type: "text/plain" });
    await navigator.clipboard.write([new ClipboardItem(item)]);
}"""


def picture(width: int = 40, height: int = 30, *, grey: int = 120) -> bytes:
    """A PNG of this size, in one shade."""
    rows = (b"\0" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def file(name: str, data: bytes = b"hello") -> FilePayload:
    """A file as a browser is given it."""
    return {"name": name, "mimeType": "", "buffer": data}


def choose(visitor: Visitor, *files: FilePayload) -> None:
    """Press the button and choose these."""
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(list(files))


def choose_by_input(visitor: Visitor, *files: FilePayload) -> None:
    """The same in whatever language the button has its name."""
    visitor.page.locator("[data-slot=files][type=file]").set_input_files(list(files))


def drag(visitor: Visitor, files: Sequence[FilePayload], *events: str) -> bool:
    """Let these events of a drag reach the log, else the page; whether the browser goes on with the last of them."""
    sent = [{"name": each["name"], "data": b64encode(each["buffer"]).decode()} for each in files]
    goes_on: bool = visitor.page.evaluate(DROP, [sent, list(events)])
    return goes_on


def copy_picture(visitor: Visitor, data: bytes, text: str = "") -> None:
    """Put a picture on the clipboard, and a text beside it."""
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.evaluate(COPY_PICTURE, [b64encode(data).decode(), text])


def paste_files(visitor: Visitor, files: Sequence[FilePayload], text: str) -> bool:
    """Let the box hear of these on the clipboard, with a text beside; whether the browser goes on and pastes that."""
    sent = [{"name": each["name"], "data": b64encode(each["buffer"]).decode()} for each in files]
    visitor.box.focus()
    goes_on: bool = visitor.page.evaluate(PASTE, [sent, text])
    return goes_on


def paste(visitor: Visitor, text: str) -> None:
    """Put a text on the clipboard, and from there into the box."""
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.evaluate(COPY_TEXT, text)
    visitor.box.focus()
    visitor.page.keyboard.press("Control+v")


def staged(visitor: Visitor, name: str = "") -> Locator:
    """The files above the box; with a name, those that are called so."""
    return visitor.page.locator(".staged").filter(has_text=name)


def names_staged(visitor: Visitor) -> Locator:
    """What these are called."""
    return visitor.page.locator(".staged__name")


def all_there(visitor: Visitor) -> None:
    """Return when every file above the box has arrived."""
    expect(staged(visitor).locator("progress:visible")).to_have_count(0)


def files_said(sign_in: SignIn, room_id: int) -> list[tuple[str, list[str]]]:
    """The text and the files of each message, from the server itself."""
    items = sign_in("Alice").get(f"/rooms/{room_id}/messages").json["items"]
    return [(item["body"], [upload["name"] for upload in item["uploads"]]) for item in items]
