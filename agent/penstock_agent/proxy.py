"""Selects the proxy for a host: `HTTPS_PROXY` (or `HTTP_PROXY` without TLS), unless `NO_PROXY` lists the host.

`NO_PROXY` is a list of names (each with its subdomains), addresses, and address blocks such as 10.0.0.0/8, each with or without
a port, or `*`. Blocks match only addresses: names are not resolved for them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

_PORTS = {"wss": 443, "https": 443, "ws": 80, "http": 80}


def proxy_for(url: str, environment: Mapping[str, str]) -> str | None:
    """The proxy's URL, or None for a direct connection."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    names = ("HTTPS_PROXY",) if parts.scheme in ("wss", "https") else ("HTTP_PROXY", "HTTPS_PROXY")
    found = next((value for name in names if (value := _value(environment, name))), None)
    if found is None or _excepted(host, port, _value(environment, "NO_PROXY")):
        return None
    return found if "://" in found else f"http://{found}"


def _value(environment: Mapping[str, str], name: str) -> str:
    # The lower-case name takes precedence, as in curl and in Python's urllib.
    return (environment.get(name.lower()) or environment.get(name) or "").strip()


def _excepted(host: str, port: int, listed: str) -> bool:
    return any(_matches(entry.strip().lower(), host, port) for entry in listed.split(",") if entry.strip())


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    try:
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return _matches_name(entry, host, port)
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False


def _matches_name(entry: str, host: str, port: int) -> bool:
    name, colon, expected_port = entry.rpartition(":")
    if colon and expected_port.isdigit():
        return int(expected_port) == port and _matches(name, host, port)
    name = entry.removeprefix("*").removeprefix(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
