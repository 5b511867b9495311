"""`client.groups`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Groups(Resource):
    """Sets of members of the organisation."""

    def add_member(self, group_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Add a member to a group.

        Repeating the call has no effect.

        Requires the scope `organization:write`.

        `group_id`: A group's id (`grp_…`). `user_id`: A user's id (`usr_…`).
        """
        request = Request("PUT", f"/api/v2/groups/{quoted(group_id)}/members/{quoted(user_id)}", timeout_s=request_timeout)
        self._call(request)

    def create(self, *, name: str, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Group:
        """Create a group.

        Requires the scope `organization:write`.
        """
        request = Request(
            "POST", "/api/v2/groups", body=present({"name": name}), key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Group = self._call(request)
        return answer

    def delete(self, group_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a group.

        Its members stay members of the organisation.

        Requires the scope `organization:write`.

        `group_id`: A group's id (`grp_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/groups/{quoted(group_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, group_id: str, *, request_timeout: float | None = None) -> schemas.Group:
        """Get a group.

        Requires the scope `organization:read`.

        `group_id`: A group's id (`grp_…`).
        """
        request = Request("GET", f"/api/v2/groups/{quoted(group_id)}", timeout_s=request_timeout)
        answer: schemas.Group = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Group]:
        """List groups.

        A page of the list, oldest first unless sorted otherwise.

        Requires the scope `organization:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET", "/api/v2/groups", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_members(
        self, group_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Member]:
        """List the members of a group.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `organization:read`.

        `group_id`: A group's id (`grp_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/groups/{quoted(group_id)}/members",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def remove_member(self, group_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Remove a member from a group.

        Requires the scope `organization:write`.

        `group_id`: A group's id (`grp_…`). `user_id`: A user's id (`usr_…`).
        """
        request = Request("DELETE", f"/api/v2/groups/{quoted(group_id)}/members/{quoted(user_id)}", timeout_s=request_timeout)
        self._call(request)

    def update(
        self, group_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Group:
        """Rename a group.

        Requires the scope `organization:write`.

        `group_id`: A group's id (`grp_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/groups/{quoted(group_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Group = self._call(request)
        return answer


class AsyncGroups(AsyncResource):
    """As `Groups`, for an event loop."""

    async def add_member(self, group_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Add a member to a group.

        As `Groups.add_member`.
        """
        request = Request("PUT", f"/api/v2/groups/{quoted(group_id)}/members/{quoted(user_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def create(
        self, *, name: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Group:
        """Create a group.

        As `Groups.create`.
        """
        request = Request(
            "POST", "/api/v2/groups", body=present({"name": name}), key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Group = await self._call(request)
        return answer

    async def delete(self, group_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a group.

        As `Groups.delete`.
        """
        request = Request("DELETE", f"/api/v2/groups/{quoted(group_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, group_id: str, *, request_timeout: float | None = None) -> schemas.Group:
        """Get a group.

        As `Groups.get`.
        """
        request = Request("GET", f"/api/v2/groups/{quoted(group_id)}", timeout_s=request_timeout)
        answer: schemas.Group = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Group]:
        """List groups.

        As `Groups.list`.
        """
        request = Request(
            "GET", "/api/v2/groups", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_members(
        self, group_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Member]:
        """List the members of a group.

        As `Groups.list_members`.
        """
        request = Request(
            "GET",
            f"/api/v2/groups/{quoted(group_id)}/members",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def remove_member(self, group_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Remove a member from a group.

        As `Groups.remove_member`.
        """
        request = Request("DELETE", f"/api/v2/groups/{quoted(group_id)}/members/{quoted(user_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def update(
        self, group_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Group:
        """Rename a group.

        As `Groups.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/groups/{quoted(group_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Group = await self._call(request)
        return answer
