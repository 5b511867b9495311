"""`client.connections`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Connections(Resource):
    """Readings from external servers: LoRaWAN network servers, brokers, your own HTTP server."""

    def create(
        self, body: schemas.ConnectionCreate, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.CreatedConnection:
        """Create a connection.

        The response contains the connection's secret, once. The external server sends it with each request, as
        `X-Connection-Secret` or `Authorization: Bearer`.

        Requires the scope `connections:write`.

        `body`: The body.
        """
        request = Request("POST", "/api/v2/connections", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.CreatedConnection = self._call(request)
        return answer

    def delete(self, connection_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a connection.

        The readings that it received are kept.

        Requires the scope `connections:write`.

        `connection_id`: A connection's id (`con_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/connections/{quoted(connection_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, connection_id: str, *, request_timeout: float | None = None) -> schemas.Connection:
        """Get a connection.

        Requires the scope `connections:read`.

        `connection_id`: A connection's id (`con_…`).
        """
        request = Request("GET", f"/api/v2/connections/{quoted(connection_id)}", timeout_s=request_timeout)
        answer: schemas.Connection = self._call(request)
        return answer

    def get_of_device(self, device_id: str, *, request_timeout: float | None = None) -> schemas.DeviceRoute:
        """Get the connection of a device.

        This is the connection through which it last reported. It is updated within a second or two.

        Requires the scope `connections:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/connection", timeout_s=request_timeout)
        answer: schemas.DeviceRoute = self._call(request)
        return answer

    def ingest_message(
        self,
        connection_id: str,
        body: Mapping[str, Any],
        *,
        event: str | None = None,
        connection_secret: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Ingested:
        """Ingest a message from a network server.

        Called by the network server with the connection's secret (`X-Connection-Secret` or `Authorization: Bearer`), or
        with an API key. Accepts bodies of ChirpStack 4 and 3, of The Things Stack 3, and JSON with `dev_eui`,
        `timestamp` and values. A 200 means that the message is on disk. The readings of an unregistered device are
        stored, and are assigned to the device when it is registered. A message delivered twice is stored once.

        The type of event that ChirpStack reports, such as `up`. If omitted, it is derived from the body's keys.

        Requires the scope `telemetry:write`.

        `connection_id`: A connection's id (`con_…`). `event`: The kind of ChirpStack's event, such as `up`; if omitted,
        it is detected from the keys of the body. `connection_secret`: The connection's secret. `body`: The body.
        """
        request = Request(
            "POST",
            f"/api/v2/ingest/{quoted(connection_id)}",
            query={"event": event},
            headers={name: value for name, value in (("X-Connection-Secret", connection_secret),) if value is not None},
            body=body,
            timeout_s=request_timeout,
        )
        answer: schemas.Ingested = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: Literal["chirpstack", "custom", "lorawan_http", "mqtt", "things_stack"] | None = None,
        status: Literal["active", "paused"] | None = None,
        project_id: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Connection]:
        """List connections.

        Newest first by default. Filters are combined with AND.

        Filters for connections. `q` is searched for in the name.

        Requires the scope `connections:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `type`: Only connections
        of this type. `status`: Only connections with this status: active or paused. `project_id`: A project's id
        (`prj_…`). `q`: A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves.
        `sort`: The order; descending with a leading minus sign. A `cursor` continues only the order that it was
        returned for.
        """
        request = Request(
            "GET",
            "/api/v2/connections",
            query={
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "status": status,
                "project_id": project_id,
                "q": q,
                "sort": sort,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_connectors(self, *, request_timeout: float | None = None) -> Pages[schemas.Connector]:
        """List the types of connections.

        Requires the scope `connectors:read`.
        """
        request = Request("GET", "/api/v2/connectors", timeout_s=request_timeout)
        return self._list(request)

    def pause(
        self, connection_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Connection:
        """Pause a connection.

        A paused connection accepts no messages: requests are rejected with 403, and a broker is disconnected.

        Requires the scope `connections:write`.

        `connection_id`: A connection's id (`con_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/pause",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = self._call(request)
        return answer

    def resume(
        self, connection_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Connection:
        """Resume a paused connection.

        Requires the scope `connections:write`.

        `connection_id`: A connection's id (`con_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/resume",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = self._call(request)
        return answer

    def rotate_secret(
        self,
        connection_id: str,
        *,
        overlap_s: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedConnection:
        """Rotate a connection's secret.

        The new secret is returned only here. The previous one becomes invalid before the response arrives, or after
        `overlap_s`. Network servers do not repeat rejected messages, so allow enough time to configure the new secret
        there.

        Requires the scope `connections:write`.

        `connection_id`: A connection's id (`con_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/secret",
            body=present({"overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedConnection = self._call(request)
        return answer

    def set_of_device(
        self,
        device_id: str,
        *,
        connection_id: str,
        device_name: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DeviceRoute:
        """Set the connection of a device.

        For a device that receives commands but never reports, or has not reported yet. The setting applies until the
        device reports through another connection.

        Requires the scope `connections:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/connection",
            body=present({"connection_id": connection_id, "device_name": device_name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.DeviceRoute = self._call(request)
        return answer

    def update(
        self,
        connection_id: str,
        *,
        name: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Connection:
        """Change a connection.

        Omitted fields are unchanged, also inside `settings`; null clears a field. Lists are replaced as a whole. A
        stored secret is kept until you send a new one or clear it. If you change the address to which a secret is sent,
        you must send the secret again. The type cannot be changed.

        Requires the scope `connections:write`.

        `connection_id`: A connection's id (`con_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/connections/{quoted(connection_id)}",
            body=present({"name": name, "project_id": project_id, "settings": settings}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = self._call(request)
        return answer


class AsyncConnections(AsyncResource):
    """As `Connections`, for an event loop."""

    async def create(
        self, body: schemas.ConnectionCreate, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.CreatedConnection:
        """Create a connection.

        As `Connections.create`.
        """
        request = Request("POST", "/api/v2/connections", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.CreatedConnection = await self._call(request)
        return answer

    async def delete(self, connection_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a connection.

        As `Connections.delete`.
        """
        request = Request("DELETE", f"/api/v2/connections/{quoted(connection_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, connection_id: str, *, request_timeout: float | None = None) -> schemas.Connection:
        """Get a connection.

        As `Connections.get`.
        """
        request = Request("GET", f"/api/v2/connections/{quoted(connection_id)}", timeout_s=request_timeout)
        answer: schemas.Connection = await self._call(request)
        return answer

    async def get_of_device(self, device_id: str, *, request_timeout: float | None = None) -> schemas.DeviceRoute:
        """Get the connection of a device.

        As `Connections.get_of_device`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/connection", timeout_s=request_timeout)
        answer: schemas.DeviceRoute = await self._call(request)
        return answer

    async def ingest_message(
        self,
        connection_id: str,
        body: Mapping[str, Any],
        *,
        event: str | None = None,
        connection_secret: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Ingested:
        """Ingest a message from a network server.

        As `Connections.ingest_message`.
        """
        request = Request(
            "POST",
            f"/api/v2/ingest/{quoted(connection_id)}",
            query={"event": event},
            headers={name: value for name, value in (("X-Connection-Secret", connection_secret),) if value is not None},
            body=body,
            timeout_s=request_timeout,
        )
        answer: schemas.Ingested = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: Literal["chirpstack", "custom", "lorawan_http", "mqtt", "things_stack"] | None = None,
        status: Literal["active", "paused"] | None = None,
        project_id: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Connection]:
        """List connections.

        As `Connections.list`.
        """
        request = Request(
            "GET",
            "/api/v2/connections",
            query={
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "status": status,
                "project_id": project_id,
                "q": q,
                "sort": sort,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_connectors(self, *, request_timeout: float | None = None) -> AsyncPages[schemas.Connector]:
        """List the types of connections.

        As `Connections.list_connectors`.
        """
        request = Request("GET", "/api/v2/connectors", timeout_s=request_timeout)
        return self._list(request)

    async def pause(
        self, connection_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Connection:
        """Pause a connection.

        As `Connections.pause`.
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/pause",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = await self._call(request)
        return answer

    async def resume(
        self, connection_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Connection:
        """Resume a paused connection.

        As `Connections.resume`.
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/resume",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = await self._call(request)
        return answer

    async def rotate_secret(
        self,
        connection_id: str,
        *,
        overlap_s: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedConnection:
        """Rotate a connection's secret.

        As `Connections.rotate_secret`.
        """
        request = Request(
            "POST",
            f"/api/v2/connections/{quoted(connection_id)}/secret",
            body=present({"overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedConnection = await self._call(request)
        return answer

    async def set_of_device(
        self,
        device_id: str,
        *,
        connection_id: str,
        device_name: str | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DeviceRoute:
        """Set the connection of a device.

        As `Connections.set_of_device`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/connection",
            body=present({"connection_id": connection_id, "device_name": device_name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.DeviceRoute = await self._call(request)
        return answer

    async def update(
        self,
        connection_id: str,
        *,
        name: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Connection:
        """Change a connection.

        As `Connections.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/connections/{quoted(connection_id)}",
            body=present({"name": name, "project_id": project_id, "settings": settings}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Connection = await self._call(request)
        return answer
