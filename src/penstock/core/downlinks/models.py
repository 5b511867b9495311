"""Downlinks on their way, and the devices that they can reach."""

from __future__ import annotations

from uuid import UUID, uuid5

import msgspec

from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, OrgId, ProjectId

CORRELATION = "penstock:"
"""How our names of downlinks begin, among those that other programs give."""


_NAMES = UUID("1c0f2a5e-57b8-4a8e-9a55-0d6d2f1b9c37")
"""The name space of our item ids: a random number, made once."""


def item_id_of(correlation: str) -> str:
    """Our name of a downlink as a UUID, which is what ChirpStack calls items of queues."""
    return str(uuid5(_NAMES, correlation))


class Way(msgspec.Struct, frozen=True, gc=False):
    """A device and the connection by which downlinks reach it now."""

    device_id: DeviceId
    connection_id: ConnectionId


class DownlinkNote(msgspec.Struct, frozen=True, kw_only=True):
    """Which downlink an execution became.

    `name` is what the network server calls it in what it tells later; None as long as it has given it none. `accepted` says
    that the server has it in its queue. `broker_id` is the connection to a broker by which it went, if it did, which need not
    be the device's.
    """

    execution_id: ExecutionId
    device_id: DeviceId
    connection_id: ConnectionId
    name: str | None
    accepted: bool
    broker_id: ConnectionId | None = None


class DoubtfulExecution(msgspec.Struct, frozen=True):
    """An execution of which nobody knows whether a server took it."""

    org_id: OrgId
    device_id: DeviceId
    id: ExecutionId


class OutgoingDownlink(msgspec.Struct, frozen=True, kw_only=True):
    """What a network server is asked to send.

    `eui` has 16 lower-case hex digits, `device_name` is the server's own name of the device, `application_id` its of the
    application, `correlation` ours of the downlink and `item_id` the same as a UUID. `expires_us` is when it is of no use any
    more.
    """

    org_id: OrgId
    project_id: ProjectId
    correlation: str
    item_id: str
    application_id: str | None
    eui: str
    device_name: str | None
    f_port: int
    payload: bytes
    confirmed: bool
    expires_us: int
