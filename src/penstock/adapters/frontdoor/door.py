"""Counts live connections, in total and per address, and the refusals by code.

An address is limited in its connections that are not proven yet. The server cannot authenticate a client before it has read a
request, so one response below 400 counts as proof: clients with hundreds of working connections are not affected, and a client
that only holds connections open is. A trusted proxy is not limited: all its clients share its address.
"""

from __future__ import annotations

import ipaddress
from collections import Counter

from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.refusals import TOO_MANY_CONNECTIONS, TOO_MANY_FROM_ADDRESS, Refusal
from penstock.kit.client import ClientAddress


class Slot:
    """The slot of one connection. It outlives the HTTP protocol if the connection becomes a WebSocket."""

    __slots__ = ("_door", "_group", "_held", "proven", "refusal")

    def __init__(self, door: Door, group: str, refusal: Refusal | None = None) -> None:
        self._door = door
        self._group = group
        self._held = refusal is None
        self.proven = False
        self.refusal = refusal

    def prove(self) -> None:
        """The connection got a successful response: it no longer counts against its address."""
        if not self.proven:
            self.proven = True
            self._door.unweigh(self._group)

    def release(self) -> None:
        """The connection is closed. Can be called again."""
        if self._held:
            self._held = False
            # A connection that ends unproven no longer counts against its address either.
            self._door.open -= 1
            self.prove()


class Door:
    """The counters that all connections of one listener share."""

    def __init__(self, config: FrontDoorConfig) -> None:
        self.config = config
        self._proxies = ClientAddress(config.trusted_proxies)
        self.open = 0
        self.unproven: dict[str, int] = {}
        self.refused: Counter[str] = Counter()

    def admit(self, address: str) -> Slot:
        """Return a slot for a new connection; its `refusal` is set if the limit is reached."""
        group = address_group(address)
        held = self.unproven.get(group, 0)
        if self.open >= self.config.max_connections:
            return Slot(self, group, TOO_MANY_CONNECTIONS)
        if held >= self.config.max_idle_per_address and not self._proxies.trusts(address):
            return Slot(self, group, TOO_MANY_FROM_ADDRESS)
        self.open += 1
        self.unproven[group] = held + 1
        return Slot(self, group)

    def unweigh(self, group: str) -> None:
        """Count one connection less against this address."""
        held = self.unproven[group] - 1
        if held:
            self.unproven[group] = held
        else:
            del self.unproven[group]


def address_group(address: str) -> str:
    """The address of one client for counting: an IPv4 address, or the /64 network that an IPv6 subscriber gets."""
    if ":" not in address:
        return address
    ip = ipaddress.IPv6Address(address.partition("%")[0])
    # A socket for both families reports IPv4 clients as ::ffff:a.b.c.d, all of them inside one /64.
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((ip, 64), strict=False))
