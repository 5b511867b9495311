"""Exchanges a pair code for a token: one HTTPS call, with the same proxy and trust as the later connection."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from penstock_agent import __version__, wire
from penstock_agent.config import Config
from penstock_agent.link import tls_context
from penstock_agent.proxy import proxy_for

PATH = "/api/v2/agents/provision"
TIMEOUT_S = 30.0
MAX_ANSWER_BYTES = 65_536


class ProvisionError(Exception):
    """The code was rejected, or the server did not respond; the message states which."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The settings to write into the file."""

    device: str
    token: str
    endpoint: str

    def __repr__(self) -> str:
        return f"Provisioned(device={self.device!r}, endpoint={self.endpoint!r})"


def provision(server: str, code: str, config: Config, macaddress: str, environment: Mapping[str, str]) -> Provisioned:
    """Send the pair code to the server at a URL such as `https://iot.example.net`.

    Raises:
        ProvisionError.
    """
    base = _base(server)
    body = {"pair_code": code, "macaddress": macaddress, "agent_version": __version__}
    headers = {"Content-Type": "application/json", "User-Agent": f"penstock-agent/{__version__}"}
    request = urllib.request.Request(base + PATH, json.dumps(body).encode(), headers, method="POST")  # noqa: S310  (http and https only)
    try:
        with _opener(base, config, environment).open(request, timeout=TIMEOUT_S) as answer:
            found = json.loads(answer.read(MAX_ANSWER_BYTES))
        # Replacing `http` turns `https` into `wss` as well.
        return Provisioned(str(found["device_id"]), str(found["token"]), base.replace("http", "ws", 1) + wire.PATH)
    except urllib.error.HTTPError as error:
        with error:
            raise ProvisionError(f"the server responded {error.code}: {_detail(error.read(MAX_ANSWER_BYTES))}") from None
    except OSError as error:
        raise ProvisionError(f"{base} cannot be reached: {getattr(error, 'reason', error)}") from None
    except (ValueError, KeyError, TypeError):
        raise ProvisionError(f"{base} responded, but is not a Penstock server") from None


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
