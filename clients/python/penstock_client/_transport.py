"""Sends requests and repeats them, sync and async. What is repeated, and when, is decided in `_request.py`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from ._answers import answer_of
from ._request import (
    GONE,
    Request,
    Retries,
    failure_of,
    wait_after_answer,
    wait_after_failure,
)
from .errors import error_of

log = logging.getLogger("penstock_client")


class Common:
    """What both transports know: where the server is, and what every call carries."""

    def __init__(self, base_url: str, headers: Mapping[str, str], retries: Retries) -> None:
        self.base_url = base_url
        self.retries = retries
        self._headers = dict(headers)

    def arguments(self, request: Request) -> dict[str, Any]:
        """The arguments of `httpx.Client.build_request`."""
        arguments: dict[str, Any] = {"headers": {**self._headers, **request.sent_headers()}, "content": request.content()}
        if request.timeout_s is not None:
            arguments["timeout"] = httpx.Timeout(request.timeout_s, connect=min(request.timeout_s, 10.0))
        return arguments

    def after_answer(self, request: Request, response: httpx.Response, attempt: int) -> float | None:
        """Seconds until the next attempt; None if the answer is final."""
        wait = wait_after_answer(request, response, attempt, self.retries)
        if wait is not None:
            log.info("%s was answered with %d; again in %.1f s", request.method, response.status_code, wait)
        return wait

    def after_failure(self, request: Request, error: httpx.TransportError, attempt: int) -> float:
        """Seconds until the next attempt.

        Raises:
            ConnectionFailed: it was the last one, or it is unknown whether the server did what must not be done twice.
        """
        wait = wait_after_failure(request, error, attempt, self.retries)
        if wait is None:
            raise failure_of(error) from None  # the cause names the address, in which a token may be
        log.info("%s had no answer (%s); again in %.1f s", request.method, type(error).__name__, wait)
        return wait


def _done_before(request: Request, response: httpx.Response, lost: bool) -> bool:
    """Whether a thing is missing because an earlier attempt, whose answer was lost, has deleted it."""
    return lost and request.method == "DELETE" and response.status_code == GONE


class Transport(Common):
    """Sends and waits."""

    def __init__(self, base_url: str, headers: Mapping[str, str], retries: Retries, http: httpx.Client) -> None:
        super().__init__(base_url, headers, retries)
        self.http = http

    def without_retries(self) -> Transport:
        """The same, for a caller that repeats by itself."""
        return Transport(self.base_url, self._headers, replace(self.retries, count=0), self.http)

    def call(self, request: Request) -> Any:
        """The JSON of a call's answer.

        Raises:
            ApiError: the server refused it.
            ConnectionFailed: no answer came.
        """
        return answer_of(self.send(request))

    def send(self, request: Request, *, stream: bool = False) -> httpx.Response:
        """The answer of a call. With `stream` its body is not read yet, and the caller closes it."""
        url, arguments = self.base_url + request.target(), self.arguments(request)
        attempt, lost = 0, False
        while True:
            try:
                response = self.http.send(self.http.build_request(request.method, url, **arguments), stream=stream)
                if response.is_success or _done_before(request, response, lost):
                    return response
                response.read()
                response.close()
            except httpx.TransportError as error:
                wait: float | None = self.after_failure(request, error, attempt)
                lost = True
            else:
                wait = self.after_answer(request, response, attempt)
                if wait is None:
                    raise error_of(response)
            time.sleep(wait or 0.0)
            attempt += 1


class AsyncTransport(Common):
    """Sends and waits, in an event loop of asyncio."""

    def __init__(self, base_url: str, headers: Mapping[str, str], retries: Retries, http: httpx.AsyncClient) -> None:
        super().__init__(base_url, headers, retries)
        self.http = http

    def without_retries(self) -> AsyncTransport:
        """As `Transport.without_retries`."""
        return AsyncTransport(self.base_url, self._headers, replace(self.retries, count=0), self.http)

    async def call(self, request: Request) -> Any:
        """As `Transport.call`."""
        return answer_of(await self.send(request))

    async def send(self, request: Request, *, stream: bool = False) -> httpx.Response:
        """As `Transport.send`."""
        url, arguments = self.base_url + request.target(), self.arguments(request)
        attempt, lost = 0, False
        while True:
            try:
                response = await self.http.send(self.http.build_request(request.method, url, **arguments), stream=stream)
                if response.is_success or _done_before(request, response, lost):
                    return response
                await response.aread()
                await response.aclose()
            except httpx.TransportError as error:
                wait: float | None = self.after_failure(request, error, attempt)
                lost = True
            else:
                wait = self.after_answer(request, response, attempt)
                if wait is None:
                    raise error_of(response)
            await asyncio.sleep(wait or 0.0)
            attempt += 1
