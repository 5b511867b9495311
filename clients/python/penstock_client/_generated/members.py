"""`client.members`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Members(Resource):
    """The users of the organisation, their roles and sessions; off-boarding."""

    def end_sessions(self, user_id: str, *, request_timeout: float | None = None) -> None:
        """End all sessions of a member.

        Requires the scope `org:admin`.

        `user_id`: A user's id (`usr_…`).
        """
        request = Request("DELETE", f"/api/v2/members/{quoted(user_id)}/sessions", timeout_s=request_timeout)
        self._call(request)

    def get(self, user_id: str, *, request_timeout: float | None = None) -> schemas.Member:
        """Get a member.

        Requires the scope `organization:read`.

        `user_id`: A user's id (`usr_…`).
        """
        request = Request("GET", f"/api/v2/members/{quoted(user_id)}", timeout_s=request_timeout)
        answer: schemas.Member = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-joined_at", "-name", "joined_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Member]:
        """List members.

        Filters for members. `q` is searched for in name and e-mail; without `sort` they are by the age of their
        accounts.

        Requires the scope `organization:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET", "/api/v2/members", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_sessions(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Session]:
        """List the sessions of a member.

        Newest first.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `org:admin`.

        `user_id`: A user's id (`usr_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/members/{quoted(user_id)}/sessions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def off_board(self, user_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> schemas.OffBoarded:
        """Off-board a member.

        Ends the membership, the group memberships, the sessions in this organisation and all API keys whose root is the
        member, in one step; the audit log records what the member could access. The user remains in the database, so
        that older audit entries stay readable.

        Requires the scope `organization:write`.

        `user_id`: A user's id (`usr_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/members/{quoted(user_id)}", if_match=if_match, timeout_s=request_timeout)
        answer: schemas.OffBoarded = self._call(request)
        return answer

    def update(
        self,
        user_id: str,
        *,
        role: Literal["admin", "member", "owner", "viewer"],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Member:
        """Change a member's role.

        The new role applies from the member's next call. You cannot grant a role with more permissions than yours, or
        change a member who has one; a key with a restriction cannot change roles. The last owner cannot lose the role.

        Requires the scope `organization:write`.

        `user_id`: A user's id (`usr_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/members/{quoted(user_id)}",
            body=present({"role": role}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Member = self._call(request)
        return answer


class AsyncMembers(AsyncResource):
    """As `Members`, for an event loop."""

    async def end_sessions(self, user_id: str, *, request_timeout: float | None = None) -> None:
        """End all sessions of a member.

        As `Members.end_sessions`.
        """
        request = Request("DELETE", f"/api/v2/members/{quoted(user_id)}/sessions", timeout_s=request_timeout)
        await self._call(request)

    async def get(self, user_id: str, *, request_timeout: float | None = None) -> schemas.Member:
        """Get a member.

        As `Members.get`.
        """
        request = Request("GET", f"/api/v2/members/{quoted(user_id)}", timeout_s=request_timeout)
        answer: schemas.Member = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-joined_at", "-name", "joined_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Member]:
        """List members.

        As `Members.list`.
        """
        request = Request(
            "GET", "/api/v2/members", query={"limit": limit, "cursor": cursor, "q": q, "sort": sort}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_sessions(
        self, user_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Session]:
        """List the sessions of a member.

        As `Members.list_sessions`.
        """
        request = Request(
            "GET",
            f"/api/v2/members/{quoted(user_id)}/sessions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def off_board(
        self, user_id: str, *, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.OffBoarded:
        """Off-board a member.

        As `Members.off_board`.
        """
        request = Request("DELETE", f"/api/v2/members/{quoted(user_id)}", if_match=if_match, timeout_s=request_timeout)
        answer: schemas.OffBoarded = await self._call(request)
        return answer

    async def update(
        self,
        user_id: str,
        *,
        role: Literal["admin", "member", "owner", "viewer"],
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Member:
        """Change a member's role.

        As `Members.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/members/{quoted(user_id)}",
            body=present({"role": role}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Member = await self._call(request)
        return answer
