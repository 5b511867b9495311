"""Downlinks on their way, and the devices that they can reach."""

from __future__ import annotations

import msgspec

CORRELATION = "penstock:"
"""How our names of downlinks begin, among those that other programs give."""


class Way(msgspec.Struct, frozen=True, gc=False):
    """A device and the connection by which downlinks reach it now."""

    device_id: int
    connection_id: int


class DownlinkNote(msgspec.Struct, frozen=True, kw_only=True):
    """Which downlink an execution became.

    `name` is what the network server calls it in what it tells later; None as long as it has given it none. `accepted` says
    that the server has it in its queue.
    """

    execution_id: int
    device_id: int
    connection_id: int
    name: str | None
    accepted: bool


class DoubtfulExecution(msgspec.Struct, frozen=True):
    """An execution of which nobody knows whether a server took it."""

    org_id: int
    device_id: int
    id: int


class OutgoingDownlink(msgspec.Struct, frozen=True, kw_only=True):
    """What a network server is asked to send.

    `eui` has 16 lower-case hex digits, `device_name` is the server's own name of the device, `correlation` ours of the downlink.
    `expires_us` is when it is of no use any more.
    """

    correlation: str
    eui: str
    device_name: str | None
    f_port: int
    payload: bytes
    confirmed: bool
    expires_us: int
