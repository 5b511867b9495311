"""Exchanges a pair code for a token over HTTPS, with the same proxy and trust as the later connection.

Theory of operation. The agent first stores a random name for itself, then exchanges the code for a token, stores the token, and
then confirms it. The server gives the same agent the same token until it is confirmed. So the agent can be killed at any step:
either it can be paired again with the same code, or its token is in the settings file.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from penstock_agent import __version__, wire
from penstock_agent.config import Config, write_file
from penstock_agent.link import tls_context
from penstock_agent.proxy import proxy_for

PATH = "/api/v2/agents/provision"
CONFIRM_PATH = "/api/v2/agents/confirm"
TIMEOUT_S = 30.0
MAX_ANSWER_BYTES = 65_536


class ProvisionError(Exception):
    """The code was rejected, or the server did not respond; the message states which."""


@dataclass(frozen=True)
class Provisioned:
    """The settings to write into the file."""

    device: str
    token: str
    endpoint: str

    def __repr__(self) -> str:
        return f"Provisioned(device={self.device!r}, endpoint={self.endpoint!r})"


class Provisioning:
    """The two calls to a server at a URL such as `https://iot.example.net`."""

    def __init__(self, server: str, config: Config, environment: Mapping[str, str]) -> None:
        """Raises: ProvisionError: the URL or `security.ca_bundle` cannot be used."""
        self._base = _base(server)
        self._opener = _opener(self._base, config, environment)

    def exchange(self, code: str, agent_id: str, macaddress: str) -> Provisioned:
        """Exchange the pair code for a token. Until the token is confirmed, the same agent can repeat this.

        Raises:
            ProvisionError.
        """
        body = {"pair_code": code, "macaddress": macaddress, "agent_version": __version__, "agent_id": agent_id}
        answer = self._call(PATH, body)
        try:
            found = json.loads(answer)
            # Replacing `http` turns `https` into `wss` as well.
            return Provisioned(str(found["device_id"]), str(found["token"]), self._base.replace("http", "ws", 1) + wire.PATH)
        except (ValueError, KeyError, TypeError):
            raise ProvisionError(f"{self._base} responded, but is not a Penstock server") from None

    def confirm(self, token: str) -> None:
        """Report that the token is stored: the pair code is used from then on.

        If the call fails, the agent's first connection reports it.
        """
        with contextlib.suppress(ProvisionError):
            self._call(CONFIRM_PATH, {"token": token})

    def _call(self, path: str, body: dict[str, str]) -> bytes:
        headers = {"Content-Type": "application/json", "User-Agent": f"penstock-agent/{__version__}"}
        text = json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, text, headers, method="POST")  # noqa: S310  (http and https only)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return bytes(answer.read(MAX_ANSWER_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                raise ProvisionError(f"the server responded {error.code}: {_detail(error.read(MAX_ANSWER_BYTES))}") from None
        except (OSError, http.client.HTTPException) as error:
            raise ProvisionError(f"{self._base} cannot be reached: {getattr(error, 'reason', error)}") from None


def agent_id(file: Path) -> str:
    """This agent's name in the exchange: random, and kept next to the settings file until the exchange is confirmed.

    Raises:
        OSError: it cannot be written.
    """
    kept = _pairing_file(file)
    with contextlib.suppress(FileNotFoundError):
        if re.fullmatch("[0-9a-f]{32}", found := kept.read_text("ascii", "replace").strip()):
            return found
    made = secrets.token_hex(16)
    # On disk before it is sent: the server gives the token again only to an agent that still knows this name.
    write_file(kept, made + "\n")
    return made


def forget_agent_id(file: Path) -> None:
    """The exchange is complete: another one is that of another agent."""
    _pairing_file(file).unlink(missing_ok=True)


def _pairing_file(file: Path) -> Path:
    return file.with_name(f".{file.name}.pairing")


def _base(server: str) -> str:
    text = server if "://" in server else f"https://{server}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ProvisionError("the server must be a URL such as https://iot.example.net")
    return f"{parts.scheme}://{parts.netloc}"


def _opener(base: str, config: Config, environment: Mapping[str, str]) -> urllib.request.OpenerDirector:
    proxy = proxy_for(base, environment)
    # An empty dict and not None: without one, urllib would read the environment itself, by other rules than `proxy_for`.
    proxies = {urlsplit(base).scheme: proxy} if proxy is not None else {}
    try:
        https = urllib.request.HTTPSHandler(context=tls_context(config))
    except OSError as error:
        raise ProvisionError(f"security.ca_bundle cannot be used: {error}") from None
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies), https)


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"
