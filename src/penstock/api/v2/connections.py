"""Connections over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import connection_examples as examples
from penstock.api.v2 import connections_wire as wire
from penstock.api.v2.examples import DEVICE_PATH
from penstock.api.v2.wire import ListOf
from penstock.core.connections.links import ConnectionLinks, Link
from penstock.core.connections.models import (
    SETTINGS,
    Connection,
    ConnectionFilter,
    ConnectionPatch,
    ConnectionStatus,
    ConnectionType,
    CreatedConnection,
    NewConnection,
    Route,
)
from penstock.core.connections.secrets import shown_settings
from penstock.core.connections.service import ConnectionService
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.ids import ConnectionId, Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Connections"
READ, WRITE = "connections:read", "connections:write"
PATH = "/api/v2/connections"
ONE = f"{PATH}/{{connection_id}}"
_CONNECTORS = {
    ConnectionType.CHIRPSTACK: ("ChirpStack", "ChirpStack 4 and 3, by their HTTP integration in JSON."),
    ConnectionType.THINGS_STACK: ("The Things Stack", "The Things Stack 3, The Things Network among it, by a webhook in JSON."),
    ConnectionType.LORAWAN_HTTP: ("LoRaWAN over HTTP", "Any of the network servers above; each body's form is found out."),
    ConnectionType.CUSTOM: ("Custom HTTP", "A server of your own that posts JSON with dev_eui, timestamp and values."),
    ConnectionType.MQTT: ("MQTT broker", "A broker that we connect to, listen at and publish commands to."),
}


class ConnectionEndpoints:
    """Create, read, change and delete connections; pause, resume, and give new secrets."""

    def __init__(self, connections: ConnectionService, links: ConnectionLinks) -> None:
        self._connections = connections
        self._links = links

    def _shown(self, connection: Connection) -> wire.Connection:
        return _shown(connection, self._links.find(connection.id))

    def _created(self, made: CreatedConnection) -> wire.CreatedConnection:
        return wire.CreatedConnection(self._shown(made.connection), made.secret)

    @operation(
        "GET",
        "/api/v2/connectors",
        surface="v2",
        tag=TAG,
        summary="List the types of connections",
        scope="connectors:read",
        of_project=True,
        answer=ListOf[wire.Connector],
        example=Example(
            answer={
                "data": [
                    {
                        "type": "chirpstack",
                        "name": "ChirpStack",
                        "description": "ChirpStack 4 and 3, by their HTTP integration in JSON.",
                        "direction": "push",
                        "settings": ["downlink"],
                    }
                ],
                "next_cursor": None,
            }
        ),
    )
    async def list_connectors(self, call: Call[None, None]) -> ListOf[wire.Connector]:
        return ListOf(
            [
                wire.Connector(kind, name, text, _direction(kind), list(SETTINGS[kind].__struct_fields__))
                for kind, (name, text) in _CONNECTORS.items()
            ]
        )

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List connections",
        description="Newest first. Filters are combined with and.",
        scope=READ,
        query=wire.ConnectionQuery,
        answer=ListOf[wire.Connection],
        example=Example(query={"type": "chirpstack", "status": "active"}, answer=examples.CONNECTIONS),
    )
    async def list(self, call: Call[wire.ConnectionQuery, None]) -> ListOf[wire.Connection]:
        page = await self._connections.list(call.actor, _to_core_filter(call.query), call.query.limit, call.query.cursor)
        return ListOf([self._shown(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Create a connection",
        description="The answer shows the connection's secret, once. The other server sends it with each request, as "
        "`X-Connection-Secret` or `Authorization: Bearer`.",
        scope=WRITE,
        status=201,
        body=wire.ConnectionCreate,
        answer=wire.CreatedConnection,
        example=Example(body=examples.CREATE, answer=examples.CREATED),
    )
    async def create(self, call: Call[None, wire.ConnectionCreate]) -> wire.CreatedConnection:
        return self._created(await self._connections.create(call.actor, _to_core(call.body)))

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a connection",
        scope=READ,
        answer=wire.Connection,
        example=Example(path=examples.PATH, answer=examples.CONNECTION),
    )
    async def get(self, call: Call[None, None]) -> wire.Connection:
        return self._shown(await self._connections.get(call.actor, _connection_id(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change a connection",
        description="A field that is left out stays as it is, inside `settings` too, and null clears it. Lists are replaced "
        "whole. A stored secret stays until it is sent anew or cleared; when the address it goes to changes, it has to be sent "
        "anew. The type never changes.",
        scope=WRITE,
        body=wire.ConnectionPatch,
        answer=wire.Connection,
        example=Example(path=examples.PATH, body=examples.CHANGE, answer=examples.CHANGED),
    )
    async def update(self, call: Call[None, wire.ConnectionPatch]) -> wire.Connection:
        return self._shown(await self._connections.update(call.actor, _connection_id(call), _to_core_patch(call.body)))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Delete a connection",
        description="What came through it stays.",
        scope=WRITE,
        status=204,
        example=Example(path=examples.PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        await self._connections.delete(call.actor, _connection_id(call))

    @operation(
        "POST",
        f"{ONE}/pause",
        surface="v2",
        tag=TAG,
        summary="Pause a connection",
        description="A paused connection takes nothing in: requests are refused with 403, and a broker is left.",
        scope=WRITE,
        answer=wire.Connection,
        example=Example(path=examples.PATH, answer=examples.CONNECTION | {"status": "paused"}),
    )
    async def pause(self, call: Call[None, None]) -> wire.Connection:
        return self._shown(await self._connections.set_status(call.actor, _connection_id(call), ConnectionStatus.PAUSED))

    @operation(
        "POST",
        f"{ONE}/resume",
        surface="v2",
        tag=TAG,
        summary="Resume a paused connection",
        scope=WRITE,
        answer=wire.Connection,
        example=Example(path=examples.PATH, answer=examples.CONNECTION),
    )
    async def resume(self, call: Call[None, None]) -> wire.Connection:
        return self._shown(await self._connections.set_status(call.actor, _connection_id(call), ConnectionStatus.ACTIVE))

    @operation(
        "POST",
        f"{ONE}/secret",
        surface="v2",
        tag=TAG,
        summary="Give a connection a new secret",
        description="The new one is shown only here. The one before is dead when the answer arrives, or after `overlap_s`: "
        "network servers do not send again what was refused while they are told the new one.",
        scope=WRITE,
        body=wire.RotateSecret,
        answer=wire.CreatedConnection,
        example=Example(path=examples.PATH, body={"overlap_s": 3600}, answer=examples.CREATED),
    )
    async def rotate_secret(self, call: Call[None, wire.RotateSecret]) -> wire.CreatedConnection:
        overlap_us = call.body.overlap_s * SECOND_US
        return self._created(await self._connections.rotate_secret(call.actor, _connection_id(call), overlap_us))

    @operation(
        "GET",
        "/api/v2/devices/{device_id}/connection",
        surface="v2",
        tag=TAG,
        summary="See by which connection a device reports",
        description="The one that it last reported through, a second or two later.",
        scope=READ,
        of_project=True,
        answer=wire.DeviceRoute,
        example=Example(
            path=DEVICE_PATH,
            answer={
                "connection_id": examples.CONNECTION_ID,
                "device_name": "Block C / flat 12",
                "application_id": "b1b0a3c2-77d1-4b0d-8f0e-2d3c4b5a6978",
            },
        ),
    )
    async def get_route(self, call: Call[None, None]) -> wire.DeviceRoute:
        route = await self._connections.route(call.actor, path_id(Prefix.DEVICE, call.path["device_id"]))
        return wire.DeviceRoute() if route is None else _route(route)

    @operation(
        "PUT",
        "/api/v2/devices/{device_id}/connection",
        surface="v2",
        tag=TAG,
        summary="Say by which connection a device is reached",
        description="For a device that is told things and reports nothing, or not yet. It holds until the device reports through "
        "another connection.",
        scope=WRITE,
        body=wire.SetDeviceRoute,
        answer=wire.DeviceRoute,
        example=Example(
            path=DEVICE_PATH,
            body={"connection_id": examples.CONNECTION_ID, "device_name": "lamp-7"},
            answer={"connection_id": examples.CONNECTION_ID, "device_name": "lamp-7", "application_id": None},
        ),
    )
    async def set_route(self, call: Call[None, wire.SetDeviceRoute]) -> wire.DeviceRoute:
        body, device_id = call.body, path_id(Prefix.DEVICE, call.path["device_id"])
        connection_id = body_id(Prefix.CONNECTION, body.connection_id, "connection_id")
        return _route(await self._connections.set_route(call.actor, device_id, Route(connection_id, body.device_name)))


def _route(route: Route) -> wire.DeviceRoute:
    return wire.DeviceRoute(encode(Prefix.CONNECTION, route.connection_id), route.device_name, route.application_id)


def _connection_id(call: Call[Any, Any]) -> ConnectionId:
    return path_id(Prefix.CONNECTION, call.path["connection_id"])


def _direction(kind: ConnectionType) -> str:
    return "pull" if kind is ConnectionType.MQTT else "push"


def _to_core(body: wire.ConnectionCreate) -> NewConnection:
    return NewConnection(
        name=body.name,
        type=ConnectionType(str(body.__struct_config__.tag)),
        settings=body.settings,
        project_id=body_id(Prefix.PROJECT, body.project_id, "project_id") if body.project_id else None,
    )


def _to_core_patch(body: wire.ConnectionPatch) -> ConnectionPatch:
    project_id: Any = body.project_id
    if isinstance(project_id, str):
        project_id = body_id(Prefix.PROJECT, project_id, "project_id")
    return ConnectionPatch(name=body.name, project_id=project_id, settings=UNSET if body.settings is UNSET else body.settings)


def _to_core_filter(query: wire.ConnectionQuery) -> ConnectionFilter:
    return ConnectionFilter(
        type=ConnectionType(query.type) if query.type else None,
        status=ConnectionStatus(query.status) if query.status else None,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        text=query.q,
    )


def _shown(connection: Connection, link: Link | None) -> wire.Connection:
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
