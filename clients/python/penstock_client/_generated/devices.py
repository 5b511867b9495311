"""`client.devices`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Devices(Resource):
    """Things that send readings or receive commands: identifiers, labels, location, access tokens, pause and resume."""

    def count(self, *, request_timeout: float | None = None) -> schemas.FleetSummary:
        """Count devices.

        By connectivity, as it was stored a few seconds ago. Paused devices are counted in each number.

        Requires the scope `devices:read`.
        """
        request = Request("GET", "/api/v2/devices/summary", timeout_s=request_timeout)
        answer: schemas.FleetSummary = self._call(request)
        return answer

    def create(
        self,
        *,
        name: str,
        type: str | Unset = UNSET,
        description: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        labels: Mapping[str, str] | Unset = UNSET,
        location: schemas.Location | Unset | None = UNSET,
        identifiers: Sequence[schemas.Identifier] | Unset = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        firmware_version: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedDevice:
        """Create a device.

        The response contains the device's access token, once. With an `Idempotency-Key` the same request can be sent
        again and returns the same response.

        Requires the scope `devices:write`.
        """
        request = Request(
            "POST",
            "/api/v2/devices",
            body=present(
                {
                    "name": name,
                    "type": type,
                    "description": description,
                    "project_id": project_id,
                    "settings": settings,
                    "labels": labels,
                    "location": location,
                    "identifiers": identifiers,
                    "sensors": sensors,
                    "expected_interval_s": expected_interval_s,
                    "profile_id": profile_id,
                    "firmware_version": firmware_version,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedDevice = self._call(request)
        return answer

    def create_many(
        self, *, items: Sequence[schemas.DeviceCreate], idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.DevicesCreated:
        """Create many devices.

        Up to 1,000 devices, each created or rejected by itself: 201 if all were created, 207 if some were, 400 if none
        was. The response contains the access tokens, once. With an `Idempotency-Key` the same request can be sent
        again, also after a lost response or an error of the server: devices that were created are returned and not
        created twice.

        Requires the scope `devices:write`.
        """
        request = Request(
            "POST",
            "/api/v2/devices/bulk",
            body=present({"items": items}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.DevicesCreated = self._call(request)
        return answer

    def delete(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a device and its readings.

        The device is removed immediately; its readings are removed from all segments soon after. Of a meter that had a
        customer, the counter's values are kept for the consumption of its past.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Device:
        """Get a device.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}", timeout_s=request_timeout)
        answer: schemas.Device = self._call(request)
        return answer

    def get_by_identifier(self, kind: str, value: str, *, request_timeout: float | None = None) -> schemas.Device:
        """Get a device by an identifier.

        `kind` is eui, mac, serial or external. EUIs and MAC addresses are accepted in any notation.

        Requires the scope `devices:read`.

        `kind`: The kind of identifier. `value`: The identifier.
        """
        request = Request("GET", f"/api/v2/devices/by-identifier/{quoted(kind)}/{quoted(value)}", timeout_s=request_timeout)
        answer: schemas.Device = self._call(request)
        return answer

    def issue_token(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.CreatedDevice:
        """Issue a new access token for a device.

        The previous token becomes invalid before the response arrives. The new one is returned only here.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/token", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.CreatedDevice = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["active", "paused"] | None = None,
        connectivity: Literal["never", "offline", "online"] | None = None,
        type: str | None = None,
        project_id: str | None = None,
        profile_id: str | None = None,
        customer_id: str | None = None,
        resident_id: str | None = None,
        connection_id: str | None = None,
        has_alert: bool | None = None,
        q: str | None = None,
        identifier: str | None = None,
        label: Sequence[str] | None = None,
        sort: Literal["-created_at", "-last_seen_at", "-name", "created_at", "last_seen_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Device]:
        """List devices.

        By default newest first. Filters are combined with AND. `connection_id` requires the scope `connections:read`,
        `has_alert` the scope `alerts:read`.

        Filters for devices, and the order.

        `customer_id` and `resident_id` are where the device is placed now, `connection_id` is the connection by which
        it reports. `has_alert`: whether an alert is open for it. `q` is searched for in name, description and
        identifiers; `identifier` is `kind:value`. `label` is `key:value`; it can be repeated, and a device must have
        all of them. `sort` is the order, descending with a leading minus sign.

        Requires the scope `devices:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `status`: Only those with
        this status. `connectivity`: Only devices with this connectivity: online, offline, or never seen. `type`: Only
        those of this type. `project_id`: A project's id (`prj_…`). `profile_id`: A device profile's id (`prf_…`).
        `customer_id`: Only devices that are placed with this customer (`cus_…`). `resident_id`: Only devices that are
        assigned to this resident (`res_…`). `connection_id`: A connection's id (`con_…`). `has_alert`: Only devices
        with an open alert event, or only those without. `q`: A text to search for. A to Z are the same as a to z, and
        `%` and `_` stand for themselves. `identifier`: An identifier as `kind:value`. `label`: A label as `key:value`,
        such as `site:harbour`. Can be repeated: a device must have all of them. `sort`: The order; descending with a
        leading minus sign. Devices that were never seen count as seen before all others.
        """
        request = Request(
            "GET",
            "/api/v2/devices",
            query={
                "limit": limit,
                "cursor": cursor,
                "status": status,
                "connectivity": connectivity,
                "type": type,
                "project_id": project_id,
                "profile_id": profile_id,
                "customer_id": customer_id,
                "resident_id": resident_id,
                "connection_id": connection_id,
                "has_alert": has_alert,
                "q": q,
                "identifier": identifier,
                "label": label,
                "sort": sort,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_connectivity_changes(
        self,
        device_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.ConnectivityChange]:
        """List the connectivity changes of a device.

        Newest first, each with its reason. Streams report them live.

        Filters for connectivity changes.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page. `from_`: Only changes at or after this time: RFC 3339, or epoch seconds or milliseconds. `to`:
        Only changes before this time: RFC 3339, or epoch seconds or milliseconds.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/connectivity",
            query={"limit": limit, "cursor": cursor, "from": from_, "to": to},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_events(
        self,
        device_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.DeviceEventShown]:
        """List the events of a device.

        Events are reported by network servers: joins, acknowledgements of downlinks, battery and margin, locations.
        Newest first. Streams report them live with `events=true`.

        Filters for device events; times are the events' own.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page. `kind`: Only events of this kind, such as `join` or `ack`. `from_`: Start, included: RFC 3339, or
        epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/events",
            query={"limit": limit, "cursor": cursor, "kind": kind, "from": from_, "to": to},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def pause(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Device:
        """Pause a device.

        Readings of a paused device are rejected; its configuration and stored readings are kept.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/pause", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Device = self._call(request)
        return answer

    def resume(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Device:
        """Resume a paused device.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/resume", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Device = self._call(request)
        return answer

    def update(
        self,
        device_id: str,
        *,
        name: str | Unset = UNSET,
        type: str | Unset = UNSET,
        description: str | Unset = UNSET,
        project_id: str | Unset = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        labels: Mapping[str, str] | Unset = UNSET,
        location: schemas.Location | Unset | None = UNSET,
        identifiers: Sequence[schemas.Identifier] | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        firmware_version: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Device:
        """Change a device.

        Omitted fields are unchanged. Objects and lists are replaced as a whole.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}",
            body=present(
                {
                    "name": name,
                    "type": type,
                    "description": description,
                    "project_id": project_id,
                    "settings": settings,
                    "labels": labels,
                    "location": location,
                    "identifiers": identifiers,
                    "expected_interval_s": expected_interval_s,
                    "profile_id": profile_id,
                    "firmware_version": firmware_version,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Device = self._call(request)
        return answer


class AsyncDevices(AsyncResource):
    """As `Devices`, for an event loop."""

    async def count(self, *, request_timeout: float | None = None) -> schemas.FleetSummary:
        """Count devices.

        As `Devices.count`.
        """
        request = Request("GET", "/api/v2/devices/summary", timeout_s=request_timeout)
        answer: schemas.FleetSummary = await self._call(request)
        return answer

    async def create(
        self,
        *,
        name: str,
        type: str | Unset = UNSET,
        description: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        labels: Mapping[str, str] | Unset = UNSET,
        location: schemas.Location | Unset | None = UNSET,
        identifiers: Sequence[schemas.Identifier] | Unset = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        firmware_version: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedDevice:
        """Create a device.

        As `Devices.create`.
        """
        request = Request(
            "POST",
            "/api/v2/devices",
            body=present(
                {
                    "name": name,
                    "type": type,
                    "description": description,
                    "project_id": project_id,
                    "settings": settings,
                    "labels": labels,
                    "location": location,
                    "identifiers": identifiers,
                    "sensors": sensors,
                    "expected_interval_s": expected_interval_s,
                    "profile_id": profile_id,
                    "firmware_version": firmware_version,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedDevice = await self._call(request)
        return answer

    async def create_many(
        self, *, items: Sequence[schemas.DeviceCreate], idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.DevicesCreated:
        """Create many devices.

        As `Devices.create_many`.
        """
        request = Request(
            "POST",
            "/api/v2/devices/bulk",
            body=present({"items": items}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.DevicesCreated = await self._call(request)
        return answer

    async def delete(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a device and its readings.

        As `Devices.delete`.
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Device:
        """Get a device.

        As `Devices.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}", timeout_s=request_timeout)
        answer: schemas.Device = await self._call(request)
        return answer

    async def get_by_identifier(self, kind: str, value: str, *, request_timeout: float | None = None) -> schemas.Device:
        """Get a device by an identifier.

        As `Devices.get_by_identifier`.
        """
        request = Request("GET", f"/api/v2/devices/by-identifier/{quoted(kind)}/{quoted(value)}", timeout_s=request_timeout)
        answer: schemas.Device = await self._call(request)
        return answer

    async def issue_token(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.CreatedDevice:
        """Issue a new access token for a device.

        As `Devices.issue_token`.
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/token", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.CreatedDevice = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["active", "paused"] | None = None,
        connectivity: Literal["never", "offline", "online"] | None = None,
        type: str | None = None,
        project_id: str | None = None,
        profile_id: str | None = None,
        customer_id: str | None = None,
        resident_id: str | None = None,
        connection_id: str | None = None,
        has_alert: bool | None = None,
        q: str | None = None,
        identifier: str | None = None,
        label: Sequence[str] | None = None,
        sort: Literal["-created_at", "-last_seen_at", "-name", "created_at", "last_seen_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Device]:
        """List devices.

        As `Devices.list`.
        """
        request = Request(
            "GET",
            "/api/v2/devices",
            query={
                "limit": limit,
                "cursor": cursor,
                "status": status,
                "connectivity": connectivity,
                "type": type,
                "project_id": project_id,
                "profile_id": profile_id,
                "customer_id": customer_id,
                "resident_id": resident_id,
                "connection_id": connection_id,
                "has_alert": has_alert,
                "q": q,
                "identifier": identifier,
                "label": label,
                "sort": sort,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_connectivity_changes(
        self,
        device_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.ConnectivityChange]:
        """List the connectivity changes of a device.

        As `Devices.list_connectivity_changes`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/connectivity",
            query={"limit": limit, "cursor": cursor, "from": from_, "to": to},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_events(
        self,
        device_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        kind: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.DeviceEventShown]:
        """List the events of a device.

        As `Devices.list_events`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/events",
            query={"limit": limit, "cursor": cursor, "kind": kind, "from": from_, "to": to},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def pause(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Device:
        """Pause a device.

        As `Devices.pause`.
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/pause", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Device = await self._call(request)
        return answer

    async def resume(
        self, device_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Device:
        """Resume a paused device.

        As `Devices.resume`.
        """
        request = Request(
            "POST", f"/api/v2/devices/{quoted(device_id)}/resume", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Device = await self._call(request)
        return answer

    async def update(
        self,
        device_id: str,
        *,
        name: str | Unset = UNSET,
        type: str | Unset = UNSET,
        description: str | Unset = UNSET,
        project_id: str | Unset = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        labels: Mapping[str, str] | Unset = UNSET,
        location: schemas.Location | Unset | None = UNSET,
        identifiers: Sequence[schemas.Identifier] | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        firmware_version: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Device:
        """Change a device.

        As `Devices.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}",
            body=present(
                {
                    "name": name,
                    "type": type,
                    "description": description,
                    "project_id": project_id,
                    "settings": settings,
                    "labels": labels,
                    "location": location,
                    "identifiers": identifiers,
                    "expected_interval_s": expected_interval_s,
                    "profile_id": profile_id,
                    "firmware_version": firmware_version,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Device = await self._call(request)
        return answer
