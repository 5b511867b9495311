"""Connections over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import ByName, Cursor, Id, Limit, Name, Status
from penstock.core.connections.links import LinkState
from penstock.core.connections.models import ConnectionStatus, ConnectionType
from penstock.core.connections.settings import (
    ChirpStackSettings,
    CustomSettings,
    LorawanHttpSettings,
    MqttSettings,
    ThingsStackSettings,
)
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

ConnectionTypeName = Literal["chirpstack", "things_stack", "lorawan_http", "custom", "mqtt"]


class ChirpStackCreate(Struct, frozen=True, kw_only=True, tag_field="type", tag="chirpstack", forbid_unknown_fields=True):
    """A connection to create for ChirpStack 3 or 4. Without `project_id` it applies to every device of the organisation."""

    name: Name
    project_id: Id | None = None
    settings: ChirpStackSettings = ChirpStackSettings()


class ThingsStackCreate(Struct, frozen=True, kw_only=True, tag_field="type", tag="things_stack", forbid_unknown_fields=True):
    """A connection to create for The Things Stack 3. Without `project_id` it applies to every device of the organisation."""

    name: Name
    project_id: Id | None = None
    settings: ThingsStackSettings = ThingsStackSettings()


class LorawanHttpCreate(Struct, frozen=True, kw_only=True, tag_field="type", tag="lorawan_http", forbid_unknown_fields=True):
    """A connection to create for any network server, whose format is detected.

    Without `project_id` it applies to every device of the organisation.
    """

    name: Name
    project_id: Id | None = None
    settings: LorawanHttpSettings = LorawanHttpSettings()


class CustomCreate(Struct, frozen=True, kw_only=True, tag_field="type", tag="custom", forbid_unknown_fields=True):
    """A connection to create for your own server, which sends JSON. Without `project_id` it applies to every device."""

    name: Name
    project_id: Id | None = None
    settings: CustomSettings = CustomSettings()


class MqttCreate(Struct, frozen=True, kw_only=True, tag_field="type", tag="mqtt", forbid_unknown_fields=True):
    """A connection to create for a broker. Without `project_id` it applies to every device of the organisation."""

    name: Name
    settings: MqttSettings
    project_id: Id | None = None


ConnectionCreate: TypeAlias = Annotated[
    ChirpStackCreate | ThingsStackCreate | LorawanHttpCreate | CustomCreate | MqttCreate, Meta(title="ConnectionCreate")
]


@hides("settings")
class ConnectionPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a connection: omitted fields are unchanged, also inside `settings`, where null clears a field."""

    name: Name | UnsetType = UNSET
    project_id: Id | UnsetType | None = UNSET
    settings: Annotated[dict[str, object], Meta(max_length=64)] | UnsetType = UNSET


class ConnectionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for connections. `q` is searched for in the name."""

    limit: Limit = 100
    cursor: Cursor | None = None
    type: ConnectionTypeName | None = None
    status: Status | None = None
    project_id: Id | None = None
    q: Name | None = None
    sort: ByName = "-created_at"


class RotateSecret(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds the previous secret remains valid: at most seven days."""

    overlap_s: Annotated[int, Meta(ge=0, le=604_800)] = 0


class Link(Struct, frozen=True):
    """The state of a connection that Penstock opens: `connecting`, `connected`, `waiting` for the next attempt, or `stopped`.

    `reason` states why the last attempt failed, or why there is none.
    """

    state: Annotated[str, one_of(*LinkState)]
    since: str
    reason: str | None
    retry_at: str | None


class Connection(Struct, frozen=True):
    """A connection.

    A secret in `settings` is returned only as `…_set`. `ingest_path` is the path to which the external server posts; null if
    Penstock opens the connection. `link` is the state of a connection of type mqtt; null while it is paused, and for other
    types. Counts and times of activity are updated within a second or two; `devices` is the number of devices that last reported
    through this connection.
    """

    id: str
    organization_id: str
    project_id: str | None
    name: str
    type: Annotated[str, one_of(*ConnectionType)]
    status: Annotated[str, one_of(*ConnectionStatus)]
    settings: dict[str, object]
    secret_prefix: str
    previous_secret_until: str | None
    ingest_path: str | None
    devices: int
    messages: int
    errors: int
    last_message_at: str | None
    last_error_at: str | None
    last_error: str | None
    link: Link | None
    created_at: str
    updated_at: str


@hides("secret")
class CreatedConnection(Struct, frozen=True):
    """A connection and its secret. Copy the secret now: it is not shown again."""

    connection: Connection
    secret: str


class DeviceRoute(Struct, frozen=True):
    """The connection through which a device last reported, and its ids at the external server. All null if it never reported."""

    connection_id: str | None = None
    device_name: str | None = None
    application_id: str | None = None


class SetDeviceRoute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The connection through which a device is reached, and its ids at the external server. Omitted ids are unchanged."""

    connection_id: Id
    device_name: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Connector(Struct, frozen=True):
    """A type of connection.

    `direction` is `push` if the external server calls Penstock, and `pull` if Penstock connects to it.
    """

    type: Annotated[str, one_of(*ConnectionType)]
    name: str
    description: str
    direction: str
    settings: list[str] = msgspec.field(default_factory=list)
