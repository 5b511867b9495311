"""The networks from which a key can be used, as they are written in a request. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

from penstock.kit.errors import InvalidInput

MAX_CIDRS = 50
_MAPPED_BITS = 96
"""The length of the prefix of IPv4 addresses that are written as IPv6 (RFC 4291, 2.5.5.2)."""
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_networks(texts: Iterable[str]) -> tuple[str, ...]:
    """Normalise networks; a single address becomes a network of one.

    Raises:
        InvalidInput: one of them is not a network, or there are too many.
    """
    found = []
    for number, text in enumerate(texts):
        try:
            # Not strict: 192.0.2.7/24 is accepted, as the network that contains the address.
            found.append(str(_as_compared(ipaddress.ip_network(text.strip(), strict=False))))
        except ValueError:
            raise InvalidInput.field(
                f"allowed_cidrs[{number}]", "must be a network such as 192.0.2.0/24 or 2001:db8::/32"
            ) from None
    if len(found) > MAX_CIDRS:
        raise InvalidInput.field("allowed_cidrs", f"must have at most {MAX_CIDRS} networks")
    return tuple(dict.fromkeys(found))


def is_inside(text: str, networks: Iterable[Network]) -> bool:
    """Whether a client's address is in one of the networks."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        # Dual-stack sockets show IPv4 clients as `::ffff:a.b.c.d`, which no IPv4 network contains.
        address = address.ipv4_mapped
    return any(address in network for network in networks)


def _as_compared(network: Network) -> Network:
    """A network as clients' addresses are compared with it: an IPv4 network that is written as IPv6 is an IPv4 network.

    Raises:
        ValueError: it has a zone, which is not part of a client's address.
    """
    if isinstance(network, ipaddress.IPv4Network):
        return network
    if network.network_address.scope_id is not None:
        raise ValueError("the network has a zone")
    mapped = network.network_address.ipv4_mapped
    bits = network.prefixlen - _MAPPED_BITS
    return network if mapped is None or bits < 0 else ipaddress.IPv4Network((mapped, bits))
