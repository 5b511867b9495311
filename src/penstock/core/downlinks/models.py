"""Downlinks in transit, and the devices that downlinks can reach."""

from __future__ import annotations

from uuid import UUID, uuid5

import msgspec

from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId, OrgId, ProjectId

CORRELATION = "penstock:"
"""The prefix of Penstock's own names of downlinks, which distinguishes them from names of other programs."""


_NAMES = UUID("1c0f2a5e-57b8-4a8e-9a55-0d6d2f1b9c37")
"""The name space of Penstock's item ids: a random number, generated once."""


def item_id_of(correlation: str) -> str:
    """Penstock's name of a downlink as a UUID, the form of ChirpStack's queue item ids."""
    # Derived, not random: a repeated dispatch of the same execution has the same id.
    return str(uuid5(_NAMES, correlation))


class DownlinkRoute(msgspec.Struct, frozen=True, gc=False):
    """A device and the connection through which downlinks currently reach it."""

    device_id: DeviceId
    connection_id: ConnectionId


class DownlinkNote(msgspec.Struct, frozen=True, kw_only=True):
    """The downlink of an execution.

    `name` is the network server's name for it in later events; None until the server has assigned one. `accepted`: the server has
    it in its queue. `broker_id` is the connection to the broker through which it was sent, if any, which may differ from the
    device's connection.
    """

    execution_id: ExecutionId
    device_id: DeviceId
    connection_id: ConnectionId
    name: str | None
    accepted: bool
    broker_id: ConnectionId | None = None


class UnconfirmedExecution(msgspec.Struct, frozen=True):
    """An execution for which it is unknown whether a server accepted it."""

    org_id: OrgId
    device_id: DeviceId
    id: ExecutionId


class OutgoingDownlink(msgspec.Struct, frozen=True, kw_only=True):
    """A downlink for a network server to send.

    `eui` has 16 lower-case hexadecimal digits, `device_name` and `application_id` are the server's own names of the device and
    its application, `correlation` is Penstock's name of the downlink and `item_id` the same as a UUID. After `expires_us` it is
    useless.
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
