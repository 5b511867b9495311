"""Connections, and what is known of them on the hot path."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.connections.settings import (
    ChirpStackSettings,
    CustomSettings,
    LorawanHttpSettings,
    MqttSettings,
    Settings,
    ThingsStackSettings,
)
from penstock.kit.ids import ConnectionId, OrgId, ProjectId
from penstock.kit.secret import hides


class ConnectionType(StrEnum):
    """Whose server a connection is with, and who calls whom: a broker is fetched from, the others call."""

    CHIRPSTACK = "chirpstack"
    THINGS_STACK = "things_stack"
    LORAWAN_HTTP = "lorawan_http"
    CUSTOM = "custom"
    MQTT = "mqtt"


SETTINGS: dict[ConnectionType, type[Settings]] = {
    ConnectionType.CHIRPSTACK: ChirpStackSettings,
    ConnectionType.THINGS_STACK: ThingsStackSettings,
    ConnectionType.LORAWAN_HTTP: LorawanHttpSettings,
    ConnectionType.CUSTOM: CustomSettings,
    ConnectionType.MQTT: MqttSettings,
}


class ConnectionStatus(StrEnum):
    """Whether a connection takes anything in. Set by people."""

    ACTIVE = "active"
    PAUSED = "paused"


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What came through a connection, as it was last written down. `devices` last reported through it and no other."""

    messages: int = 0
    errors: int = 0
    last_message_us: int | None = None
    last_error_us: int | None = None
    last_error: str | None = None
    devices: int = 0


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as people see it.

    With a `project_id` it reaches the devices of that project alone, else those of the whole organisation. `settings` are
    without secrets; `sealed` are these, by path. After a rotation the secret before is good until `previous_until_us`.
    """

    id: ConnectionId
    org_id: OrgId
    project_id: ProjectId | None
    name: str
    type: ConnectionType
    status: ConnectionStatus
    settings: Settings
    sealed: dict[str, bytes]
    secret_prefix: str
    previous_until_us: int | None
    created_us: int
    updated_us: int
    activity: Activity = Activity()


class ConnectionRef(msgspec.Struct, frozen=True, gc=False):
    """The little that the hot paths need to know of a connection."""

    id: ConnectionId
    org_id: OrgId
    project_id: ProjectId | None
    type: ConnectionType
    status: ConnectionStatus


class NewConnection(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to make a connection. `settings` may hold secrets."""

    name: str
    settings: Settings
    type: ConnectionType
    project_id: ProjectId | None = None


@hides("settings")
class ConnectionPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a connection: what is UNSET stays. `settings` is merged: what it lacks stays, what is None is cleared."""

    name: str | UnsetType = UNSET
    project_id: ProjectId | UnsetType | None = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class ConnectionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which connections to list; None means any. `text` is looked for in the name."""

    type: ConnectionType | None = None
    status: ConnectionStatus | None = None
    project_id: ProjectId | None = None
    text: str | None = None


@hides("secret")
class CreatedConnection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection just made or re-keyed, with the one sight of its secret."""

    connection: Connection
    secret: str


class Route(msgspec.Struct, frozen=True, gc=False):
    """By which connection a device last reported, and its names at the other server, which a downlink needs."""

    connection_id: ConnectionId
    device_name: str | None = None
    application_id: str | None = None
