"""Connections, and the few fields of them that the hot path needs."""

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
from penstock.core.vault.models import SecretPaths
from penstock.kit.ids import ConnectionId, OrgId, ProjectId
from penstock.kit.secret import hides


class ConnectionType(StrEnum):
    """The type of the other server, and who opens the connection: Penstock to a broker, the others call Penstock."""

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
    """Whether a connection accepts messages. Set by users."""

    ACTIVE = "active"
    PAUSED = "paused"


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """Messages from a connection, as last stored. `devices` is the number of devices that last reported through it."""

    messages: int = 0
    errors: int = 0
    last_message_us: int | None = None
    last_error_us: int | None = None
    last_error: str | None = None
    devices: int = 0


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as users see it.

    With a `project_id` it can access only the devices of that project, otherwise those of the whole organisation. `settings` are
    without secrets; `secret_paths` are the paths of those that are set. After a rotation the previous secret is valid until
    `previous_until_us`.
    """

    id: ConnectionId
    org_id: OrgId
    project_id: ProjectId | None
    name: str
    type: ConnectionType
    status: ConnectionStatus
    settings: Settings
    secret_paths: SecretPaths
    secret_prefix: str
    previous_until_us: int | None
    created_us: int
    updated_us: int
    activity: Activity = Activity()


class ConnectionRef(msgspec.Struct, frozen=True, gc=False):
    """The few fields of a connection that the hot paths need."""

    id: ConnectionId
    org_id: OrgId
    project_id: ProjectId | None
    type: ConnectionType
    status: ConnectionStatus


class NewConnection(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a connection to create. `settings` may contain secrets."""

    name: str
    settings: Settings
    type: ConnectionType
    project_id: ProjectId | None = None


@hides("settings")
class ConnectionPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to a connection: UNSET fields are unchanged.

    `settings` is merged: omitted fields are unchanged, None clears a field.
    """

    name: str | UnsetType = UNSET
    project_id: ProjectId | UnsetType | None = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class ConnectionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The connections to list; None matches all. `text` is searched for in the name."""

    type: ConnectionType | None = None
    status: ConnectionStatus | None = None
    project_id: ProjectId | None = None
    text: str | None = None


@hides("secret")
class CreatedConnection(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that was created or re-keyed, with its secret, which is shown only once."""

    connection: Connection
    secret: str


class Route(msgspec.Struct, frozen=True, gc=False):
    """The connection through which a device last reported, and its names at the other server, which a downlink needs."""

    connection_id: ConnectionId
    device_name: str | None = None
    application_id: str | None = None
