"""`client.commands`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Commands(Resource):
    """The commands that devices support, and their executions."""

    def create(
        self,
        *,
        name: str,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset | None = UNSET,
        repeatable: bool | Unset = UNSET,
        device_id: str | Unset | None = UNSET,
        device_type: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Create a command for a device, a device type or a project.

        With `device_type` every device of the type supports the command, with `project_id` every device of the project.
        If several commands have the same name, the device's own takes precedence over its project's, and that over its
        type's.

        Requires the scope `commands:write`.
        """
        request = Request(
            "POST",
            "/api/v2/commands",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                    "device_id": device_id,
                    "device_type": device_type,
                    "project_id": project_id,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Command = self._call(request)
        return answer

    def delete(self, definition_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a command.

        Its executions are kept, and waiting ones are still dispatched.

        Requires the scope `commands:write`.

        `definition_id`: A command's id (`def_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/commands/{quoted(definition_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, definition_id: str, *, request_timeout: float | None = None) -> schemas.Command:
        """Get a command.

        Requires the scope `commands:read`.

        `definition_id`: A command's id (`def_…`).
        """
        request = Request("GET", f"/api/v2/commands/{quoted(definition_id)}", timeout_s=request_timeout)
        answer: schemas.Command = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        device_id: str | None = None,
        device_type: str | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Command]:
        """List commands.

        Newest first by default. Includes the commands of devices, of device types and of projects.

        Filters for commands. `q` is searched for in name and description.

        Requires the scope `commands:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `device_id`: Only commands of
        this device (`dev_…`), without those of its type. `device_type`: Only those of this device type. `project_id`:
        Only commands of this project (`prj_…`).
        """
        request = Request(
            "GET",
            "/api/v2/commands",
            query={
                "limit": limit,
                "cursor": cursor,
                "q": q,
                "sort": sort,
                "device_id": device_id,
                "device_type": device_type,
                "project_id": project_id,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
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
        """Change a command.

        Omitted fields are unchanged. Existing executions keep the definition that they were created with.

        Requires the scope `commands:write`.

        `definition_id`: A command's id (`def_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/commands/{quoted(definition_id)}",
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


class AsyncCommands(AsyncResource):
    """As `Commands`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        description: str | Unset = UNSET,
        parameters: Sequence[schemas.Parameter] | Unset = UNSET,
        transport: Literal["agent", "any", "http", "lorawan", "mqtt"] | Unset = UNSET,
        verification: Literal["acknowledgement", "next_reading", "none"] | Unset = UNSET,
        timeout_s: int | Unset | None = UNSET,
        repeatable: bool | Unset = UNSET,
        device_id: str | Unset | None = UNSET,
        device_type: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Command:
        """Create a command for a device, a device type or a project.

        As `Commands.create`.
        """
        request = Request(
            "POST",
            "/api/v2/commands",
            body=present(
                {
                    "name": name,
                    "description": description,
                    "parameters": parameters,
                    "transport": transport,
                    "verification": verification,
                    "timeout_s": timeout_s,
                    "repeatable": repeatable,
                    "device_id": device_id,
                    "device_type": device_type,
                    "project_id": project_id,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Command = await self._call(request)
        return answer

    async def delete(self, definition_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a command.

        As `Commands.delete`.
        """
        request = Request("DELETE", f"/api/v2/commands/{quoted(definition_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, definition_id: str, *, request_timeout: float | None = None) -> schemas.Command:
        """Get a command.

        As `Commands.get`.
        """
        request = Request("GET", f"/api/v2/commands/{quoted(definition_id)}", timeout_s=request_timeout)
        answer: schemas.Command = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        device_id: str | None = None,
        device_type: str | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Command]:
        """List commands.

        As `Commands.list`.
        """
        request = Request(
            "GET",
            "/api/v2/commands",
            query={
                "limit": limit,
                "cursor": cursor,
                "q": q,
                "sort": sort,
                "device_id": device_id,
                "device_type": device_type,
                "project_id": project_id,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
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
        """Change a command.

        As `Commands.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/commands/{quoted(definition_id)}",
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
