"""Which URLs and addresses may be called. Pure: the resolving is done by whoever connects, who judges what it connects to.

Sources: RFC 6890 and its registries; smokescreen's list of what to refuse. `ipaddress` alone is no guard: its `is_global` says
yes to multicast and to addresses that carry a private one inside.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import msgspec

from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import TargetRefused
from penstock.kit.errors import InvalidInput

Address = IPv4Address | IPv6Address
MAX_URL_LENGTH = 2_048
_DEFAULT_PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+", re.ASCII)
"""Visible ASCII without the quotation mark, `<`, `>`, the backslash, `^`, the backtick and braces."""
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z][a-z0-9-]{0,62}(?<!-)", re.ASCII)
"""A host name, whose last label begins with a letter: what is none of it might be read as a number by a resolver."""
_REFUSED = tuple(
    ip_network(text)
    for text in (
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",  # protocol assignments
        "::/96",  # an IPv4 address in disguise
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4
        "2001::/23",  # Teredo and other assignments
        "fec0::/10",  # site-local
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)


class Target(msgspec.Struct, frozen=True):
    """Where a URL leads. `host` is a name or an address without brackets, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


class TargetPolicy:
    """Says which targets may be called, by the operator's settings."""

    def __init__(self, config: OutboundConfig) -> None:
        self._ports = frozenset(config.ports)
        self._schemes = ("https", "http") if config.plain_http else ("https",)
        self._networks: list[IPv4Network | IPv6Network] = []
        self._hosts: set[str] = set()
        for entry in config.allowed_targets:
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                self._hosts.add(entry.lower())

    def check_url(self, url: str, field: str = "url") -> Target:
        """A URL that somebody wants to be called. What only resolving can tell is not judged here.

        Raises:
            InvalidInput: it is no URL that could be called, or one that may not be; names the field.
        """
        try:
            return self.target_of(url)
        except TargetRefused as error:
            raise InvalidInput.field(field, error.facts["reason"], "target_refused") from None

    def target_of(self, url: str) -> Target:
        """Where a URL leads.

        Raises:
            TargetRefused: nowhere, or where nothing is called.
        """
        target = _parse(url)
        address = _as_address(target.host)
        if target.host in self._hosts or (address is not None and self._within(address)):
            return target  # the operator named it: then its port and scheme are the operator's choice too
        if target.scheme not in self._schemes:
            raise TargetRefused(reason="only https is called")
        if target.port not in self._ports:
            raise TargetRefused(reason=f"port {target.port} is not allowed")
        if target.host == "localhost" or target.host.endswith(".localhost"):
            raise TargetRefused(reason="the host is this machine itself")
        if address is not None:
            self.judge(target.host, [str(address)])
        return target

    def judge(self, host: str, addresses: list[str]) -> None:
        """Whether all addresses of a host may be connected to; `host` is the name they were found for.

        Raises:
            TargetRefused: one may not, or there is none.
        """
        if not addresses:
            raise TargetRefused(reason="the host has no address")
        for text in addresses:
            address = _as_address(text)
            if address is None or not (host.lower() in self._hosts or self._within(address) or is_public(address)):
                raise TargetRefused(reason="the host has an address that is not public")

    def _within(self, address: Address) -> bool:
        plain = _unwrapped(address)
        return any(plain in network for network in self._networks)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, whichever way it is written."""
    plain = _unwrapped(address)
    if isinstance(plain, IPv6Address) and plain.scope_id is not None:
        return False
    return plain.is_global and not plain.is_multicast and not any(plain in network for network in _REFUSED)


def _unwrapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _as_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _parse(url: str) -> Target:
    if not 1 <= len(url) <= MAX_URL_LENGTH or not _URL.fullmatch(url.lower()):
        raise TargetRefused(reason=f"a URL has at most {MAX_URL_LENGTH} visible ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TargetRefused(reason="it is no URL") from None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise TargetRefused(reason="a URL begins with https:// and a host")
    if "@" in parts.netloc or "#" in url:
        raise TargetRefused(reason="a URL has no user, password or fragment")
    if port == 0:
        raise TargetRefused(reason="port 0 is none")
    host = host.rstrip(".")
    if _as_address(host) is None and not _NAME.fullmatch(host):
        raise TargetRefused(reason="the host is neither a name in ASCII nor an address as usually written")
    path = parts.path or "/"
    return Target(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], f"{path}?{parts.query}" if parts.query else path)
