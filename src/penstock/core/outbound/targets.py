"""Which URLs and addresses the server is allowed to call. Pure: the adapter resolves hosts and checks the resolved addresses.

Sources: RFC 6890 and its registries; smokescreen's list of rejected networks. `ipaddress` alone is not sufficient: its
`is_global` is true for multicast and for addresses that embed a private one.
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
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z][a-z0-9-]{0,62}(?<!-)", re.ASCII)
"""A host name whose last label starts with a letter: otherwise a resolver might read it as a number."""
_REFUSED = tuple(
    ip_network(text)
    for text in (
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",  # protocol assignments
        "::/96",  # an embedded IPv4 address
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
    """The destination of a URL. `host` is a name or an address without brackets, `path` includes the query."""

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
    """Decides which targets are allowed, according to the operator's settings."""

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
        """Check a URL that a user sets. The addresses of its host are checked later, when it is resolved.

        Raises:
            InvalidInput: it is malformed, or not allowed; the error names the field.
        """
        try:
            return self.target_of(url)
        except TargetRefused as error:
            raise InvalidInput.field(field, error.facts["reason"], "target_refused") from None

    def target_of(self, url: str) -> Target:
        """The destination of a URL.

        Raises:
            TargetRefused: the URL is malformed, or its destination is not allowed.
        """
        target = _parse(url)
        address = _as_address(target.host)
        if target.host in self._hosts or (address is not None and self._within(address)):
            return target  # the operator listed it, which includes its port and scheme
        if target.scheme not in self._schemes:
            raise TargetRefused(reason="the scheme must be https")
        if target.port not in self._ports:
            raise TargetRefused(reason=f"port {target.port} is not allowed")
        if target.host == "localhost" or target.host.endswith(".localhost"):
            raise TargetRefused(reason="the host must not be this machine")
        if address is not None:
            self.check_addresses(target.host, [str(address)])
        return target

    def check_addresses(self, host: str, addresses: list[str]) -> None:
        """Check that connections to all addresses of a host are allowed; `host` is the name that was resolved.

        Raises:
            TargetRefused: an address is not allowed, or there is none.
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
    """Whether an address belongs to the public internet, whatever its notation."""
    plain = _unwrapped(address)
    if isinstance(plain, IPv6Address) and plain.scope_id is not None:
        # An address with a scope belongs to a link of this machine.
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
        raise TargetRefused(reason=f"a URL must have at most {MAX_URL_LENGTH} visible ASCII characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TargetRefused(reason="the URL is malformed") from None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise TargetRefused(reason="must start with https:// and a host")
    if "@" in parts.netloc or "#" in url:
        raise TargetRefused(reason="must not contain a user, password or fragment")
    if port == 0:
        raise TargetRefused(reason="the port must be between 1 and 65535")
    host = host.rstrip(".")
    if _as_address(host) is None and not _NAME.fullmatch(host):
        raise TargetRefused(reason="the host must be an ASCII name or an address in the usual notation")
    path = parts.path or "/"
    return Target(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], f"{path}?{parts.query}" if parts.query else path)
