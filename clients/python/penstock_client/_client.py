"""The clients: where the server is, who calls, and the resources."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from ._generated.resources import AsyncResources, Resources
from ._request import Retries
from ._transport import AsyncTransport, Transport
from .errors import ConfigurationInvalid

OWN = "own"
"""Names the organisation that the key belongs to."""
URL, API_KEY, ORGANIZATION = "PENSTOCK_URL", "PENSTOCK_API_KEY", "PENSTOCK_ORG"
TIMEOUT_S = 30.0


class Client(Resources):
    """A client of one organisation. Threads can share it.

    Args:
        base_url: the address of the server, such as `https://iot.example.org`.
        api_key: an API key (`psk_…`), the access token of a signed-in user, or a device's token (`tok_…`).
        organization: the organisation's id; by default that of the key.
        timeout: seconds for connecting, and between two pieces of an answer. `request_timeout` of a method replaces it.
        retries: how often a call is repeated at most; 0 for never. Or a `Retries`.
        http_client: an `httpx.Client` of your own, for proxies, certificates or a transport. It is not closed with this client.
        user_agent: what your program calls itself in the server's logs.

    Raises:
        ConfigurationInvalid: an argument is not usable. It names the argument, never the key.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        organization: str | None = None,
        *,
        timeout: float = TIMEOUT_S,
        retries: int | Retries = 4,
        http_client: httpx.Client | None = None,
        user_agent: str | None = None,
    ) -> None:
        headers = _headers(api_key, organization, user_agent)
        # Headers of the connections themselves cost nothing per call; those of others' connections are not touched.
        self._own = None if http_client else httpx.Client(timeout=_timeout(timeout), headers=headers)
        http = http_client or self._own
        assert http is not None
        super().__init__(Transport(_address(base_url), {} if self._own else headers, _retries(retries), http))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Client:
        """A client by `PENSTOCK_URL`, `PENSTOCK_API_KEY` and, where it is set, `PENSTOCK_ORG`."""
        return cls(*_from_environment(os.environ if environment is None else environment))

    @property
    def base_url(self) -> str:
        """The address of the server."""
        return self._transport.base_url

    def close(self) -> None:
        """Close the connections."""
        if self._own:
            self._own.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"


class AsyncClient(AsyncResources):
    """As `Client`, for an event loop of asyncio: the same resources and methods, with `await` and `async for`."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        organization: str | None = None,
        *,
        timeout: float = TIMEOUT_S,
        retries: int | Retries = 4,
        http_client: httpx.AsyncClient | None = None,
        user_agent: str | None = None,
    ) -> None:
        headers = _headers(api_key, organization, user_agent)
        # Headers of the connections themselves cost nothing per call; those of others' connections are not touched.
        self._own = None if http_client else httpx.AsyncClient(timeout=_timeout(timeout), headers=headers)
        http = http_client or self._own
        assert http is not None
        super().__init__(AsyncTransport(_address(base_url), {} if self._own else headers, _retries(retries), http))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> AsyncClient:
        """As `Client.from_environment`."""
        return cls(*_from_environment(os.environ if environment is None else environment))

    @property
    def base_url(self) -> str:
        """The address of the server."""
        return self._transport.base_url

    async def close(self) -> None:
        """Close the connections."""
        if self._own:
            await self._own.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncClient({self.base_url!r})"


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationInvalid("base_url must begin with https:// or http:// and name a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationInvalid("base_url must be an address without user, query and fragment")
    return base_url.rstrip("/")


def _headers(api_key: str, organization: str | None, user_agent: str | None) -> dict[str, str]:
    if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        raise ConfigurationInvalid("api_key must be a key or token, without spaces")
    agent = f"penstock-client python/{platform.python_version()}"
    return {
        "authorization": f"Bearer {api_key}",
        "x-organization-id": organization or OWN,
        "accept": "*/*",
        "user-agent": f"{user_agent} {agent}" if user_agent else agent,
    }


def _retries(wanted: int | Retries) -> Retries:
    return wanted if isinstance(wanted, Retries) else Retries(count=wanted)


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(seconds, 10.0))


def _from_environment(environment: Mapping[str, str]) -> tuple[str, str, str | None]:
    missing = [name for name in (URL, API_KEY) if not environment.get(name, "").strip()]
    if missing:
        raise ConfigurationInvalid(f"{' and '.join(missing)} must be set in the environment")
    return environment[URL].strip(), environment[API_KEY].strip(), environment.get(ORGANIZATION, "").strip() or None
