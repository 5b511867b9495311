"""Converts connections between wire structs and core models."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.decoding import body_id
from penstock.api.v2.connections import wire
from penstock.core.connections.links import Link
from penstock.core.connections.models import (
    Connection,
    ConnectionFilter,
    ConnectionPatch,
    ConnectionStatus,
    ConnectionType,
    NewConnection,
    Route,
)
from penstock.core.connections.secrets import shown_settings
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.ids import Prefix, encode


def from_core_route(route: Route) -> wire.DeviceRoute:
    return wire.DeviceRoute(encode(Prefix.CONNECTION, route.connection_id), route.device_name, route.application_id)


def direction_of(kind: ConnectionType) -> str:
    return "pull" if kind is ConnectionType.MQTT else "push"


def to_core_connection(body: wire.ConnectionCreate) -> NewConnection:
    return NewConnection(
        name=body.name,
        type=ConnectionType(str(body.__struct_config__.tag)),
        settings=body.settings,
        project_id=body_id(Prefix.PROJECT, body.project_id, "project_id") if body.project_id else None,
    )


def to_core_patch(body: wire.ConnectionPatch) -> ConnectionPatch:
    project_id: Any = body.project_id
    if isinstance(project_id, str):
        project_id = body_id(Prefix.PROJECT, project_id, "project_id")
    return ConnectionPatch(name=body.name, project_id=project_id, settings=UNSET if body.settings is UNSET else body.settings)


def to_core_filter(query: wire.ConnectionQuery) -> ConnectionFilter:
    return ConnectionFilter(
        type=ConnectionType(query.type) if query.type else None,
        status=ConnectionStatus(query.status) if query.status else None,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        text=query.q,
    )


def from_core_connection(connection: Connection, link: Link | None) -> wire.Connection:
    activity, connection_id = connection.activity, encode(Prefix.CONNECTION, connection.id)
    fetches = connection.type is ConnectionType.MQTT
    return wire.Connection(
        id=connection_id,
        organization_id=encode(Prefix.ORGANIZATION, connection.org_id),
        project_id=None if connection.project_id is None else encode(Prefix.PROJECT, connection.project_id),
        name=connection.name,
        type=connection.type.value,
        status=connection.status.value,
        settings=shown_settings(connection),
        secret_prefix=connection.secret_prefix,
        previous_secret_until=format_time_or_none(connection.previous_until_us),
        # A broker does not call Penstock, so there is no path to give to it.
        ingest_path=None if fetches else f"/api/v2/ingest/{connection_id}",
        devices=activity.devices,
        messages=activity.messages,
        errors=activity.errors,
        last_message_at=format_time_or_none(activity.last_message_us),
        last_error_at=format_time_or_none(activity.last_error_us),
        last_error=activity.last_error,
        link=None
        if link is None
        else wire.Link(link.state.value, format_time(link.since_us), link.reason, format_time_or_none(link.retry_us)),
        created_at=format_time(connection.created_us),
        updated_at=format_time(connection.updated_us),
    )
