"""`client.device_commands`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class DeviceCommands(Resource):
    """The commands that devices support, and their executions."""

    def acknowledge(
        self,
        execution_id: str,
        *,
        id: str | Unset | None = UNSET,
        ok: bool | Unset | None = UNSET,
        result: Any = UNSET,
        error: str | Unset | None = UNSET,
        progress: Any = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Acknowledged:
        """Acknowledge a command as a device.

        Called with the device's access token. Repeating the same outcome has no effect; a different one is rejected
        with 409.

        `execution_id`: The id of an execution (`cmd_…`). `result`: Any JSON value. `progress`: Any JSON value.
        """
        request = Request(
            "POST",
            f"/api/v2/device/commands/{quoted(execution_id)}/ack",
            body=present({"id": id, "ok": ok, "result": result, "error": error, "progress": progress}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Acknowledged = self._call(request)
        return answer

    def create(
        self,
        device_id: str,
        *,
        name: str,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset | None = UNSET,
        repeatable: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Create a command for a device.

        Requires the scope `commands:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/commands",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Command = self._call(request)
        return answer

    def delete(
        self, device_id: str, definition_id: str, *, if_match: str | None = None, request_timeout: float | None = None
    ) -> None:
        """Delete a device's own command.

        Requires the scope `commands:write`.

        `device_id`: A device's id (`dev_…`). `definition_id`: A command's id (`def_…`). `if_match`: the version to
        change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "DELETE",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}",
            if_match=if_match,
            timeout_s=request_timeout,
        )
        self._call(request)

    def execute(
        self,
        device_id: str,
        definition_id: str,
        *,
        parameters: Mapping[str, Any] | Unset = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Execution:
        """Execute a command on a device.

        Returns the execution, which waits in the device's queue until the device can receive it or it expires. With an
        `Idempotency-Key` the same request can be sent again and creates only one execution.

        Requires the scope `commands:write`.

        `device_id`: A device's id (`dev_…`). `definition_id`: A command's id (`def_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}/execute",
            body=present({"parameters": parameters, "expires_in_s": expires_in_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Execution = self._call(request)
        return answer

    def fetch(
        self, *, limit: int | None = None, confirm: bool | None = None, request_timeout: float | None = None
    ) -> schemas.Fetched:
        """Fetch commands as a device.

        Called with the device's access token. Fetching counts as receipt. With `confirm=true` a command counts as
        received only when the device acknowledges it, and a repeatable one is returned again until then.

        The maximum number of commands to fetch, and whether the device confirms each receipt itself.

        `limit`: Maximum number of results. `confirm`: Whether the device confirms each receipt itself.
        """
        request = Request("GET", "/api/v2/device/commands", query={"limit": limit, "confirm": confirm}, timeout_s=request_timeout)
        answer: schemas.Fetched = self._call(request)
        return answer

    def get(self, device_id: str, definition_id: str, *, request_timeout: float | None = None) -> schemas.Command:
        """Get a command that a device supports.

        Requires the scope `commands:read`.

        `device_id`: A device's id (`dev_…`). `definition_id`: A command's id (`def_…`).
        """
        request = Request(
            "GET", f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}", timeout_s=request_timeout
        )
        answer: schemas.Command = self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Command]:
        """List the commands of a device.

        Its own commands and those of its project and type, by name.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `commands:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/commands",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
        device_id: str,
        definition_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset = UNSET,
        repeatable: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Change a device's own command.

        A command of the device's type returns 404 here, because it does not belong to the device alone.

        Requires the scope `commands:write`.

        `device_id`: A device's id (`dev_…`). `definition_id`: A command's id (`def_…`). `if_match`: the version to
        change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Command = self._call(request)
        return answer


class AsyncDeviceCommands(AsyncResource):
    """As `DeviceCommands`, for an event loop."""

    async def acknowledge(
        self,
        execution_id: str,
        *,
        id: str | Unset | None = UNSET,
        ok: bool | Unset | None = UNSET,
        result: Any = UNSET,
        error: str | Unset | None = UNSET,
        progress: Any = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Acknowledged:
        """Acknowledge a command as a device.

        As `DeviceCommands.acknowledge`.
        """
        request = Request(
            "POST",
            f"/api/v2/device/commands/{quoted(execution_id)}/ack",
            body=present({"id": id, "ok": ok, "result": result, "error": error, "progress": progress}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Acknowledged = await self._call(request)
        return answer

    async def create(
        self,
        device_id: str,
        *,
        name: str,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset | None = UNSET,
        repeatable: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Create a command for a device.

        As `DeviceCommands.create`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/commands",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Command = await self._call(request)
        return answer

    async def delete(
        self, device_id: str, definition_id: str, *, if_match: str | None = None, request_timeout: float | None = None
    ) -> None:
        """Delete a device's own command.

        As `DeviceCommands.delete`.
        """
        request = Request(
            "DELETE",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}",
            if_match=if_match,
            timeout_s=request_timeout,
        )
        await self._call(request)

    async def execute(
        self,
        device_id: str,
        definition_id: str,
        *,
        parameters: Mapping[str, Any] | Unset = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Execution:
        """Execute a command on a device.

        As `DeviceCommands.execute`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}/execute",
            body=present({"parameters": parameters, "expires_in_s": expires_in_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Execution = await self._call(request)
        return answer

    async def fetch(
        self, *, limit: int | None = None, confirm: bool | None = None, request_timeout: float | None = None
    ) -> schemas.Fetched:
        """Fetch commands as a device.

        As `DeviceCommands.fetch`.
        """
        request = Request("GET", "/api/v2/device/commands", query={"limit": limit, "confirm": confirm}, timeout_s=request_timeout)
        answer: schemas.Fetched = await self._call(request)
        return answer

    async def get(self, device_id: str, definition_id: str, *, request_timeout: float | None = None) -> schemas.Command:
        """Get a command that a device supports.

        As `DeviceCommands.get`.
        """
        request = Request(
            "GET", f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}", timeout_s=request_timeout
        )
        answer: schemas.Command = await self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Command]:
        """List the commands of a device.

        As `DeviceCommands.list`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/commands",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
        device_id: str,
        definition_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset = UNSET,
        repeatable: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Change a device's own command.

        As `DeviceCommands.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/commands/{quoted(definition_id)}",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Command = await self._call(request)
        return answer
