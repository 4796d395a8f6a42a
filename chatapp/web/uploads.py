"""Files: the way in for their bytes, and the way out."""

import sys
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID, uuid5

from flask import Blueprint, Response, redirect, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response as BaseResponse

from chatapp import access, config
from chatapp.actions import uploads
from chatapp.actions.changes import checked_client_id
from chatapp.actions.incoming import Announced, space_for
from chatapp.actions.scanning import is_unscanned
from chatapp.events import JsonObject
from chatapp.fragments import upload_fact
from chatapp.identity import signed_in_person
from chatapp.models import Person, Upload
from chatapp.offload import offload
from chatapp.storage.contract import READ_BYTES, READING, STEP_BYTES, Digest
from chatapp.throttle import throttle
from chatapp.upload_errors import LengthRequired, RangeWrong, TooManyUploads, UploadLengthWrong
from chatapp.web.errors import answer
from chatapp.web.form_files import expect_files, refuse_if_refused
from chatapp.web.pages import data, number_argument, wait_for, whole_number

blueprint = Blueprint("uploads", __name__)

Fetched = Upload | uploads.Thumbnail
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
LEAST_PART_BYTES = 256 * 2**10  # static/js/room/uploads.js
# A file is a page of nobody's: were one shown after all, it could neither run a script nor load anything.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@blueprint.route("/rooms/<int:room_id>/uploads", methods=["PUT", "POST"])
def create(room_id: int) -> Response:
    """A file, or a part of one, as the request's bare bytes; what it is called stands in the query string."""
    start = number_argument("offset") or 0
    _refuse_flood(start)
    length = _length()
    size = number_argument("size")
    announced = Announced.checked(
        request.args.get("client_id", ""), request.args.get("name", ""), length if size is None else size
    )
    upload = uploads.receive_upload(signed_in_person(), room_id, announced, _body(length), start=start, length=length)
    return data(_progress(upload), 201 if upload.is_whole else 202)


@blueprint.get("/rooms/<int:room_id>/uploads/<client_id>")
def progress(room_id: int, client_id: str) -> Response:
    """How much of a file has come: where to go on after the connection broke."""
    return data(_progress(uploads.find_upload(signed_in_person(), room_id, client_id)))


@blueprint.delete("/rooms/<int:room_id>/uploads/<client_id>")
def stop(room_id: int, client_id: str) -> Response:
    """Send no more of a file, and let go of what has come."""
    uploads.stop_upload(signed_in_person(), room_id, client_id)
    return data({"client_id": client_id})


@blueprint.get("/uploads/space")
def space() -> Response:
    """How many bytes one may still send: a page asks before it begins."""
    return data(vars(space_for(signed_in_person())))


@blueprint.delete("/uploads/<int:upload_id>")
def delete(upload_id: int) -> Response:
    uploads.delete_upload(signed_in_person(), upload_id)
    return data({"id": upload_id})


@blueprint.get("/uploads/<int:upload_id>/<name>")
def show(upload_id: int, name: str) -> BaseResponse:
    """The file, to be shown where that is safe; with `?download=1` always to be saved. `?thumbnail=1`: its small copy.

    Its name in the address is for people; the right is asked for each time.
    """
    del name
    found = access.readable_upload(signed_in_person(), upload_id)
    upload = uploads.thumbnail_of(found) if "thumbnail" in request.args else found
    is_wanted_to_keep = "download" in request.args
    # A link is signed for a GET, and refuses every other question.
    link = uploads.link_to(upload, is_wanted_to_keep=is_wanted_to_keep) if request.method == "GET" else None
    if link is not None:
        return redirect(link)
    try:
        return _answer(upload, uploads.disposition_of(upload, is_wanted_to_keep=is_wanted_to_keep))
    except RangeWrong as error:
        response = answer(error)
        response.headers["Content-Range"] = f"bytes */{upload.size}"
        return response


def received_files(actor: Person, room_id: int, client_id: str | None) -> tuple[int, ...]:
    """The ids of the uploads that came with a form: those that it names, and the files that it brings itself.

    `client_id` is the form's own. The same form sent twice brings the same uploads. Raises as `receive_upload`.
    """
    refuse_if_refused()
    named = tuple(whole_number(each, "upload_ids") for each in request.form.getlist("upload_ids"))
    brought = [file for file in request.files.getlist("files") if file.filename]
    if len(named) + len(brought) > (most := config.current().message_max_uploads):
        raise TooManyUploads(max_count=most)
    return named + tuple(_received(actor, room_id, file, client_id, place).id for place, file in enumerate(brought))


def received_alts(count: int) -> tuple[str, ...]:
    """What a form says that its `count` files show: those that it names, before those that it brings.

    A script says it of each. Without one it is a line for each that is brought; what is left over belongs to the last.
    Of no file at all a line says nothing.
    """
    alts, lines = request.form.getlist("upload_alts"), request.form.get("file_alts", "").splitlines()
    if not alts and not (count and "".join(lines).strip()):
        return ()
    alts += [""] * (len(request.form.getlist("upload_ids")) - len(alts))
    left = max(1, count - len(alts))
    alts += [*lines[: left - 1], " ".join(lines[left - 1 :])] if "".join(lines).strip() else []
    return (*alts, *[""] * (count - len(alts)))


def _received(actor: Person, room_id: int, file: FileStorage, client_id: str | None, place: int) -> Upload:
    # By what it holds: one may go back to a form and send other files with it.
    size, sha256 = offload(_measured, file.stream)
    own_id = str(uuid5(UUID(checked_client_id(client_id)), f"{place} {sha256}"))
    announced = Announced.checked(own_id, file.filename or "", size)
    chunks = iter(lambda: file.stream.read(STEP_BYTES), b"")
    return uploads.receive_upload(actor, room_id, announced, chunks, length=size)


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    digest = Digest()
    for chunk in iter(lambda: stream.read(READ_BYTES), b""):
        digest.take(chunk)
    stream.seek(0)
    return digest.size, digest.stored().sha256


def lift_limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let this request be as long as a file, where the bound of a form would stop it. Called before anything reads.

    A form of files from somebody who is not signed in keeps the bound. Raises as `expect_files`.
    """
    if endpoint == "uploads.create" and request.mimetype not in FORMS:
        # The length that it names is looked at before its bytes, and then counted as they come.
        request.max_content_length = sys.maxsize
    elif endpoint == "messages.create" and request.mimetype == FORMS[0] and current_user.is_authenticated:
        expect_files(signed_in_person(), int((values or {})["room_id"]))


def _refuse_flood(start: int) -> None:
    # A later part is no change of its own, unless it is smaller than any that a page sends before the last.
    if not start or (request.content_length or 0) < LEAST_PART_BYTES:
        wait_for(throttle().change(signed_in_person().id))


def _length() -> int:
    if request.content_length is None:
        raise LengthRequired
    return request.content_length


def _body(length: int) -> Iterator[bytes]:
    left = length
    while left:
        chunk = _read(min(left, STEP_BYTES))
        if not chunk:
            return
        left -= len(chunk)
        yield chunk


def _read(most: int) -> bytes:
    try:
        chunk: bytes = request.stream.read(most)
    except (OSError, ClientDisconnected) as error:
        # Whoever sent it has gone, or sends nothing more.
        raise UploadLengthWrong from error
    return chunk


def _progress(upload: Upload) -> JsonObject:
    fact = vars(upload_fact(upload)) if upload.is_whole else None
    about = {"client_id": upload.client_id, "size": upload.announced_size, "offset": upload.received}
    # While nobody but its author gets it, who is told why; and whether it waits for a message still.
    return {**about, "upload": fact, "is_unscanned": is_unscanned(upload), "is_sent": upload.message_id is not None}


def _answer(upload: Fetched, disposition: str) -> Response:
    etag = f'"{upload.sha256}"'
    response = Response(content_type=uploads.shown_type(upload))
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = disposition
    # Kept by one's own browser, which asks each time whether it still may show it.
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(upload.sha256):
        response.status_code = 304
        return response
    return _with_bytes(response, upload, etag)


def _with_bytes(response: Response, upload: Fetched, etag: str) -> Response:
    wanted = _wanted(upload, etag)
    start, stop = wanted or (0, upload.size)
    if wanted is not None:
        # Also for all of it: who asks so wants to know whether one may, and Safari plays nothing otherwise.
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{upload.size}"
    if request.method != "HEAD":
        response.response = uploads.open_bytes(upload, start, stop)
        request.environ.get(READING, []).append(response.response)
        response.direct_passthrough = True
    response.headers["Content-Length"] = str(stop - start)
    return response


def _wanted(upload: Fetched, etag: str) -> tuple[int, int] | None:
    """From where to where, when one stretch is asked for, of this very file. Raises RangeWrong."""
    asked = request.range
    is_of_another = "If-Range" in request.headers and request.headers["If-Range"] != etag
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or is_of_another:
        return None
    found = asked.range_for_length(upload.size)
    if found is None:
        raise RangeWrong
    return found
