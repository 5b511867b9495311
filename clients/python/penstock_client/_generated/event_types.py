"""`client.event_types`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class EventTypes(Resource):
    """The commands that devices support, and their executions."""

    def create(
        self,
        *,
        project_id: str,
        name: str,
        description: str | Unset = UNSET,
        fields: Sequence[schemas.Parameter] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.EventType:
        """Create an event type.

        An event type describes a message from a device to the server, as a command describes one from the server to a
        device. Messages are not validated against it, and sensors are discovered as usual.

        Requires the scope `commands:write`.
        """
        request = Request(
            "POST",
            "/api/v2/event-types",
            body=present({"project_id": project_id, "name": name, "description": description, "fields": fields}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.EventType = self._call(request)
        return answer

    def delete(self, event_type_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an event type.

        Stored messages of this type are kept.

        Requires the scope `commands:write`.

        `event_type_id`: An event type's id (`ety_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/event-types/{quoted(event_type_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, event_type_id: str, *, request_timeout: float | None = None) -> schemas.EventType:
        """Get an event type.

        Requires the scope `commands:read`.

        `event_type_id`: An event type's id (`ety_…`).
        """
        request = Request("GET", f"/api/v2/event-types/{quoted(event_type_id)}", timeout_s=request_timeout)
        answer: schemas.EventType = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.EventType]:
        """List event types.

        Newest first by default, of one project or of all.

        Filters for event types. `q` is searched for in name and description.

        Requires the scope `commands:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `project_id`: A project's id
        (`prj_…`).
        """
        request = Request(
            "GET",
            "/api/v2/event-types",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "project_id": project_id},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
        event_type_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        fields: Sequence[schemas.Parameter] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.EventType:
        """Change an event type.

        Omitted fields are unchanged.

        Requires the scope `commands:write`.

        `event_type_id`: An event type's id (`ety_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/event-types/{quoted(event_type_id)}",
            body=present({"name": name, "description": description, "fields": fields}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.EventType = self._call(request)
        return answer


class AsyncEventTypes(AsyncResource):
    """As `EventTypes`, for an event loop."""

    async def create(
        self,
        *,
        project_id: str,
        name: str,
        description: str | Unset = UNSET,
        fields: Sequence[schemas.Parameter] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.EventType:
        """Create an event type.

        As `EventTypes.create`.
        """
        request = Request(
            "POST",
            "/api/v2/event-types",
            body=present({"project_id": project_id, "name": name, "description": description, "fields": fields}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.EventType = await self._call(request)
        return answer

    async def delete(self, event_type_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an event type.

        As `EventTypes.delete`.
        """
        request = Request("DELETE", f"/api/v2/event-types/{quoted(event_type_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, event_type_id: str, *, request_timeout: float | None = None) -> schemas.EventType:
        """Get an event type.

        As `EventTypes.get`.
        """
        request = Request("GET", f"/api/v2/event-types/{quoted(event_type_id)}", timeout_s=request_timeout)
        answer: schemas.EventType = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.EventType]:
        """List event types.

        As `EventTypes.list`.
        """
        request = Request(
            "GET",
            "/api/v2/event-types",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "project_id": project_id},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
        event_type_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        fields: Sequence[schemas.Parameter] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.EventType:
        """Change an event type.

        As `EventTypes.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/event-types/{quoted(event_type_id)}",
            body=present({"name": name, "description": description, "fields": fields}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.EventType = await self._call(request)
        return answer
