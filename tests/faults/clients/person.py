"""Somebody with an account, by HTTP: signs in, asks, and keeps cookies as a browser does."""

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

from tests.faults.clients.wire import Answer, WireBroken, ask
from tests.faults.proxy import Address
from tests.support import PASSWORD

TOKEN = re.compile(rb'name="csrf-token" content="([^"]+)"')
ANSWER_SECONDS = 15


class Person:
    """One sign-in of one person. Several clients may share it, as tabs do."""

    def __init__(self, user: int, email: str) -> None:
        self.user = user
        self.email = email
        self.is_signed_in = False  # at least once; a cookie alone may be of the page one signs in on
        self._cookies: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def cookie(self) -> str:
        """The header that says who this is."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    async def sign_in(self, address: Address) -> None:
        """Sign in, unless another tab just did. Raises WireBroken, also when the server has no time for it."""
        before = self.cookie
        async with self._one_at_a_time:
            if self.cookie == before or not self.is_signed_in:
                answer = await self.post(address, "/login", {"email": self.email, "password": PASSWORD})
                if answer.status != 200:
                    raise WireBroken(f"not signed in: {answer.status}")
                self.is_signed_in = True

    async def get(self, address: Address, path: str) -> Answer:
        """The answer at `path`, as data. Raises WireBroken."""
        return await self._ask(address, "GET", path)

    async def post(self, address: Address, path: str, fields: dict[str, Any]) -> Answer:
        """The answer to a form. Raises WireBroken."""
        page = await self._ask(address, "GET", "/nowhere", accept="text/html")
        token = TOKEN.search(page.body)
        if token is None:
            raise WireBroken(f"no page: {page.status}")
        form = urlencode({"csrf_token": token[1].decode(), **fields}, doseq=True).encode()
        return await self._ask(address, "POST", path, body=form)

    async def _ask(
        self, address: Address, method: str, path: str, *, body: bytes = b"", accept: str = "application/json"
    ) -> Answer:
        headers = {"Accept": accept, "Cookie": self.cookie}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await ask(address, method, path, headers, body)
        except TimeoutError as error:
            raise WireBroken(f"no answer at {path}") from error
        self._cookies |= answer.cookies
        return answer
