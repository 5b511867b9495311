"""Connections over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.connections import examples, wire
from penstock.api.v2.connections.translate import (
    direction_of,
    from_core_connection,
    from_core_route,
    to_core_connection,
    to_core_filter,
    to_core_patch,
)
from penstock.api.v2.devices.examples import DEVICE_PATH
from penstock.api.v2.views import order_of
from penstock.api.v2.wire import ListOf
from penstock.core.connections.links import ConnectionLinks
from penstock.core.connections.models import (
    SETTINGS,
    Connection,
    ConnectionStatus,
    ConnectionType,
    CreatedConnection,
    Route,
)
from penstock.core.connections.service import ConnectionService
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import ConnectionId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "connections:read", "connections:write"
_CONNECTORS = {
    ConnectionType.CHIRPSTACK: ("ChirpStack", "ChirpStack 4 and 3, by their HTTP integration in JSON."),
    ConnectionType.THINGS_STACK: ("The Things Stack", "The Things Stack 3 and The Things Network, by their webhook in JSON."),
    ConnectionType.LORAWAN_HTTP: ("LoRaWAN over HTTP", "Any of the network servers above; the format of each body is detected."),
    ConnectionType.CUSTOM: ("Custom HTTP", "Your own server, which posts JSON with dev_eui, timestamp and values."),
    ConnectionType.MQTT: ("MQTT broker", "A broker to which Penstock connects, subscribes and publishes commands."),
}


class ConnectionEndpoints:
    """Create, read, change and delete connections; pause and resume them, and rotate their secrets."""

    routes = Routes("/api/v2", surface="v2", tag="Connections")

    def __init__(self, connections: ConnectionService, links: ConnectionLinks) -> None:
        self._connections = connections
        self._links = links

    def _to_wire(self, connection: Connection) -> wire.Connection:
        return from_core_connection(connection, self._links.find(connection.id))

    def _created(self, made: CreatedConnection) -> wire.CreatedConnection:
        return wire.CreatedConnection(self._to_wire(made.connection), made.secret)

    @routes.get(
        "/connectors",
        scope="connectors:read",
        of_project=True,
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
        """List the types of connections."""
        return ListOf(
            [
                wire.Connector(kind, name, text, direction_of(kind), list(SETTINGS[kind].__struct_fields__))
                for kind, (name, text) in _CONNECTORS.items()
            ]
        )

    @routes.get(
        "/connections",
        scope=READ,
        example=Example(query={"type": "chirpstack", "status": "active"}, answer=examples.CONNECTIONS),
    )
    async def list(self, call: Call[wire.ConnectionQuery, None]) -> ListOf[wire.Connection]:
        """List connections.

        Newest first by default. Filters are combined with AND.
        """
        page = await self._connections.list(
            call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor, order_of(call.query)
        )
        return ListOf([self._to_wire(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/connections",
        scope=WRITE,
        status=201,
        example=Example(body=examples.CREATE, answer=examples.CREATED),
    )
    async def create(self, call: Call[None, wire.ConnectionCreate]) -> wire.CreatedConnection:
        """Create a connection.

        The response contains the connection's secret, once. The external server sends it with each request, as
        `X-Connection-Secret` or `Authorization: Bearer`.
        """
        return self._created(await self._connections.create(call.actor, to_core_connection(call.body)))

    @routes.get(
        "/connections/{connection_id}",
        scope=READ,
        example=Example(path=examples.PATH, answer=examples.CONNECTION),
    )
    async def get(self, call: Call[None, None]) -> wire.Connection:
        """Get a connection."""
        return self._to_wire(await self._connections.get(call.actor, _connection_id(call)))

    @routes.patch(
        "/connections/{connection_id}",
        scope=WRITE,
        example=Example(path=examples.PATH, body=examples.CHANGE, answer=examples.CHANGED),
    )
    async def update(self, call: Call[None, wire.ConnectionPatch]) -> wire.Connection:
        """Change a connection.

        Omitted fields are unchanged, also inside `settings`; null clears a field. Lists are replaced as a whole. A stored secret
        is kept until you send a new one or clear it. If you change the address to which a secret is sent, you must send the
        secret again. The type cannot be changed.
        """
        return self._to_wire(await self._connections.update(call.actor, _connection_id(call), to_core_patch(call.body)))

    @routes.delete(
        "/connections/{connection_id}",
        scope=WRITE,
        status=204,
        example=Example(path=examples.PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a connection.

        The readings that it received are kept.
        """
        await self._connections.delete(call.actor, _connection_id(call))

    @routes.post(
        "/connections/{connection_id}/pause",
        scope=WRITE,
        example=Example(path=examples.PATH, answer=examples.CONNECTION | {"status": "paused"}),
    )
    async def pause(self, call: Call[None, None]) -> wire.Connection:
        """Pause a connection.

        A paused connection accepts no messages: requests are rejected with 403, and a broker is disconnected.
        """
        return self._to_wire(await self._connections.set_status(call.actor, _connection_id(call), ConnectionStatus.PAUSED))

    @routes.post(
        "/connections/{connection_id}/resume",
        scope=WRITE,
        example=Example(path=examples.PATH, answer=examples.CONNECTION),
    )
    async def resume(self, call: Call[None, None]) -> wire.Connection:
        """Resume a paused connection."""
        return self._to_wire(await self._connections.set_status(call.actor, _connection_id(call), ConnectionStatus.ACTIVE))

    @routes.post(
        "/connections/{connection_id}/secret",
        scope=WRITE,
        example=Example(path=examples.PATH, body={"overlap_s": 3600}, answer=examples.CREATED),
    )
    async def rotate_secret(self, call: Call[None, wire.RotateSecret]) -> wire.CreatedConnection:
        """Rotate a connection's secret.

        The new secret is returned only here. The previous one becomes invalid before the response arrives, or after `overlap_s`.
        Network servers do not repeat rejected messages, so allow enough time to configure the new secret there.
        """
        overlap_us = call.body.overlap_s * SECOND_US
        return self._created(await self._connections.rotate_secret(call.actor, _connection_id(call), overlap_us))

    @routes.get(
        "/devices/{device_id}/connection",
        scope=READ,
        of_project=True,
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
        """Get the connection of a device.

        This is the connection through which it last reported. It is updated within a second or two.
        """
        route = await self._connections.route(call.actor, path_id(Prefix.DEVICE, call.path["device_id"]))
        return wire.DeviceRoute() if route is None else from_core_route(route)

    @routes.put(
        "/devices/{device_id}/connection",
        scope=WRITE,
        example=Example(
            path=DEVICE_PATH,
            body={"connection_id": examples.CONNECTION_ID, "device_name": "lamp-7"},
            answer={"connection_id": examples.CONNECTION_ID, "device_name": "lamp-7", "application_id": None},
        ),
    )
    async def set_route(self, call: Call[None, wire.SetDeviceRoute]) -> wire.DeviceRoute:
        """Set the connection of a device.

        For a device that receives commands but never reports, or has not reported yet. The setting applies until the device
        reports through another connection.
        """
        body, device_id = call.body, path_id(Prefix.DEVICE, call.path["device_id"])
        connection_id = body_id(Prefix.CONNECTION, body.connection_id, "connection_id")
        return from_core_route(await self._connections.set_route(call.actor, device_id, Route(connection_id, body.device_name)))


def _connection_id(call: Call[Any, Any]) -> ConnectionId:
    return path_id(Prefix.CONNECTION, call.path["connection_id"])
