"""A browser without scripts: it keeps cookies as a browser does, and sends forms with the token that the page contains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import TracebackType
from typing import Any

import httpx

from tests.support.in_process import InProcessServer
from tests.support.server import Org

_TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)"')


class Browser:
    """Opens pages of the console. The cookies of a server without TLS are kept by hand: they are for TLS only."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}
        self.page = ""
        self.csrf = ""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open a page."""
        return self._kept(self.client.get(path, headers=self._headers(options.pop("headers", {})), **options))

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form, with the token of the last page."""
        form = {"csrf_token": self.csrf} | dict(data or {})
        return self._kept(self.client.post(path, data=form, headers=self._headers(options.pop("headers", {})), **options))

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Open the page that a response sends the browser to."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def sign_in(self, email: str, password: str) -> Browser:
        """Sign in, and open the first page."""
        self.get("/console/sign-in")
        answer = self.post("/console/sign-in", {"email": email, "password": password})
        assert answer.status_code == 303, answer.text
        self.get("/console/devices")
        return self

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        found = {"sec-fetch-site": "same-origin", **more}
        if self.cookies:
            found["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return found

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.page = answer.text
        token = _TOKEN.search(self.page)
        if token:
            self.csrf = unescape(token[1])
        return answer


def browser_of(server: InProcessServer, org: Org, email: str = "", password: str = "") -> Browser:
    """A browser in which the owner of an organisation, or somebody else, has signed in."""
    return Browser(server.client()).sign_in(email or org.user_email, password or org.user_password)
