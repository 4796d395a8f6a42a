"""What our S3 server never says by itself: that it is full. Said on the wire, below all that reads the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

STORING = ("before-send.s3.PutObject", "before-send.s3.UploadPart")


class Body(BytesIO):
    """Bytes as urllib3 gives them."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        """All of them at once."""
        yield self.read()


@contextmanager
def answering(client: Any, status: int, code: str) -> Iterator[None]:
    """Whoever wants to store bytes is answered like this; all else reaches the server."""
    said = f"<Error><Code>{code}</Code><Message>No.</Message></Error>" if code else ""

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, status, {"Content-Type": "application/xml"}, Body(said.encode()))

    for event in STORING:
        client.meta.events.register_first(event, answer)
    try:
        yield
    finally:
        for event in STORING:
            client.meta.events.unregister(event, answer)
