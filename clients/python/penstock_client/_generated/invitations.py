"""`client.invitations`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Invitations(Resource):
    """Invitations by e-mail, and their status."""

    def create(
        self,
        *,
        email: str,
        role: Literal["admin", "member", "owner", "viewer"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invitation:
        """Invite a person by e-mail.

        The mail contains a single-use token. The response does not reveal whether the person already has an account. A
        key with a restriction cannot invite, because members cannot carry it.

        Requires the scope `organization:write`.
        """
        request = Request(
            "POST",
            "/api/v2/invitations",
            body=present({"email": email, "role": role}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = self._call(request)
        return answer

    def get(self, invitation_id: str, *, request_timeout: float | None = None) -> schemas.Invitation:
        """Get an invitation.

        Requires the scope `organization:read`.

        `invitation_id`: An invitation's id (`inv_…`).
        """
        request = Request("GET", f"/api/v2/invitations/{quoted(invitation_id)}", timeout_s=request_timeout)
        answer: schemas.Invitation = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-email", "created_at", "email"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Invitation]:
        """List invitations.

        Newest first by default, including accepted and withdrawn ones.

        Filters for invitations. `q` is searched for in the e-mail.

        Requires the scope `organization:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET",
            "/api/v2/invitations",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def resend(
        self, invitation_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Resend an invitation.

        The mail contains a new token with the full lifetime; the old token becomes invalid.

        Requires the scope `organization:write`.

        `invitation_id`: An invitation's id (`inv_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invitations/{quoted(invitation_id)}/resend",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = self._call(request)
        return answer

    def withdraw(self, invitation_id: str, *, request_timeout: float | None = None) -> None:
        """Withdraw an invitation.

        Requires the scope `organization:write`.

        `invitation_id`: An invitation's id (`inv_…`).
        """
        request = Request("DELETE", f"/api/v2/invitations/{quoted(invitation_id)}", timeout_s=request_timeout)
        self._call(request)


class AsyncInvitations(AsyncResource):
    """As `Invitations`, for an event loop."""

    async def create(
        self,
        *,
        email: str,
        role: Literal["admin", "member", "owner", "viewer"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invitation:
        """Invite a person by e-mail.

        As `Invitations.create`.
        """
        request = Request(
            "POST",
            "/api/v2/invitations",
            body=present({"email": email, "role": role}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = await self._call(request)
        return answer

    async def get(self, invitation_id: str, *, request_timeout: float | None = None) -> schemas.Invitation:
        """Get an invitation.

        As `Invitations.get`.
        """
        request = Request("GET", f"/api/v2/invitations/{quoted(invitation_id)}", timeout_s=request_timeout)
        answer: schemas.Invitation = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-email", "created_at", "email"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Invitation]:
        """List invitations.

        As `Invitations.list`.
        """
        request = Request(
            "GET",
            "/api/v2/invitations",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def resend(
        self, invitation_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invitation:
        """Resend an invitation.

        As `Invitations.resend`.
        """
        request = Request(
            "POST",
            f"/api/v2/invitations/{quoted(invitation_id)}/resend",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invitation = await self._call(request)
        return answer

    async def withdraw(self, invitation_id: str, *, request_timeout: float | None = None) -> None:
        """Withdraw an invitation.

        As `Invitations.withdraw`.
        """
        request = Request("DELETE", f"/api/v2/invitations/{quoted(invitation_id)}", timeout_s=request_timeout)
        await self._call(request)
