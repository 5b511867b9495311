"""The origin of a request: the peer's address, or behind trusted proxies the one that they saw.

Any client can send an `X-Forwarded-For`. It is read from its right end, where the nearest proxy wrote, and only while each writer
is trusted; the first address that is not a trusted proxy's is the client. Without trusted proxies the header is ignored.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from penstock.kit.http import Scope

UNKNOWN = ""
MAX_HOPS = 16
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ClientAddress:
    """Reads the client's address from a request. `trusted` are the networks of the operator's proxies."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        self._trusted = tuple(ipaddress.ip_network(text, strict=False) for text in trusted)

    def of(self, scope: Scope) -> str:
        """The address in its shortest notation; empty if it is unknown (a Unix socket)."""
        client = scope.get("client")
        peer: str = client[0] if client else UNKNOWN
        if not self._trusted:
            return peer
        found = _parse(peer)
        if found is None or not self._is_trusted(found):
            return peer
        return str(self._behind_proxies(found, scope))

    def trusts(self, address: str) -> bool:
        """Whether a peer's address belongs to a trusted proxy."""
        found = _parse(address)
        return found is not None and self._is_trusted(found)

    def _behind_proxies(self, peer: Address, scope: Scope) -> Address:
        hops = [part for name, value in scope["headers"] if name == b"x-forwarded-for" for part in value.split(b",")]
        found = peer
        for hop in reversed(hops[-MAX_HOPS:]):
            address = _parse(hop.strip().decode("latin-1"))
            if address is None:
                return found
            found = address
            if not self._is_trusted(found):
                return found
        return found

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
