"""`client.organization`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._downloads import AsyncDownload, Download
from .._request import UNSET, Request, Unset, present
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Organization(Resource):
    """The caller, its organisation and the organisation's projects."""

    def caller(self, *, request_timeout: float | None = None) -> schemas.Me:
        """Get the caller: the key or user of the credential.

        Requires the scope `profile:read`.
        """
        request = Request("GET", "/api/v2/me", timeout_s=request_timeout)
        answer: schemas.Me = self._call(request)
        return answer

    def get(self, *, request_timeout: float | None = None) -> schemas.Organization:
        """Get the organisation.

        Requires the scope `organization:read`.
        """
        request = Request("GET", "/api/v2/organization", timeout_s=request_timeout)
        answer: schemas.Organization = self._call(request)
        return answer

    def get_logo(self, *, request_timeout: float | None = None) -> Download:
        """Get the logo.

        As an image.

        Requires the scope `organization:read`.
        """
        request = Request("GET", "/api/v2/organization/logo", timeout_s=request_timeout)
        return self._file(request)

    def remove_logo(self, *, request_timeout: float | None = None) -> None:
        """Remove the logo.

        Requires the scope `organization:write`.
        """
        request = Request("DELETE", "/api/v2/organization/logo", timeout_s=request_timeout)
        self._call(request)

    def set_logo(self, *, content: str, request_timeout: float | None = None) -> schemas.Logo:
        """Set the logo.

        A PNG or JPEG of at most 256 kB and 4000 × 4000 pixels, sent as it is or in base64. It appears on documents that
        are made from now on.

        Requires the scope `organization:write`.
        """
        request = Request("PUT", "/api/v2/organization/logo", body=present({"content": content}), timeout_s=request_timeout)
        answer: schemas.Logo = self._call(request)
        return answer

    def set_up(
        self, *, token: str, organization: str, email: str, password: str, request_timeout: float | None = None
    ) -> schemas.SetupDone:
        """Set up a new server.

        Creates the first organisation with its owner, its default project and first key. Requires the token of the link
        that the server prints at its start while it has no organisation; it works once. Returns 404 once there is an
        organisation.
        """
        request = Request(
            "POST",
            "/api/v2/setup",
            body=present({"token": token, "organization": organization, "email": email, "password": password}),
            timeout_s=request_timeout,
        )
        answer: schemas.SetupDone = self._call(request)
        return answer

    def update(
        self,
        *,
        name: str | Unset = UNSET,
        require_mfa: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Organization:
        """Rename the organisation, or require a second factor.

        The requirement takes effect immediately: a user who signed in without a second factor can then only enrol one.

        Requires the scope `org:admin`.

        `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            "/api/v2/organization",
            body=present({"name": name, "require_mfa": require_mfa}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Organization = self._call(request)
        return answer


class AsyncOrganization(AsyncResource):
    """As `Organization`, for an event loop."""

    async def caller(self, *, request_timeout: float | None = None) -> schemas.Me:
        """Get the caller: the key or user of the credential.

        As `Organization.caller`.
        """
        request = Request("GET", "/api/v2/me", timeout_s=request_timeout)
        answer: schemas.Me = await self._call(request)
        return answer

    async def get(self, *, request_timeout: float | None = None) -> schemas.Organization:
        """Get the organisation.

        As `Organization.get`.
        """
        request = Request("GET", "/api/v2/organization", timeout_s=request_timeout)
        answer: schemas.Organization = await self._call(request)
        return answer

    async def get_logo(self, *, request_timeout: float | None = None) -> AsyncDownload:
        """Get the logo.

        As `Organization.get_logo`.
        """
        request = Request("GET", "/api/v2/organization/logo", timeout_s=request_timeout)
        return await self._file(request)

    async def remove_logo(self, *, request_timeout: float | None = None) -> None:
        """Remove the logo.

        As `Organization.remove_logo`.
        """
        request = Request("DELETE", "/api/v2/organization/logo", timeout_s=request_timeout)
        await self._call(request)

    async def set_logo(self, *, content: str, request_timeout: float | None = None) -> schemas.Logo:
        """Set the logo.

        As `Organization.set_logo`.
        """
        request = Request("PUT", "/api/v2/organization/logo", body=present({"content": content}), timeout_s=request_timeout)
        answer: schemas.Logo = await self._call(request)
        return answer

    async def set_up(
        self, *, token: str, organization: str, email: str, password: str, request_timeout: float | None = None
    ) -> schemas.SetupDone:
        """Set up a new server.

        As `Organization.set_up`.
        """
        request = Request(
            "POST",
            "/api/v2/setup",
            body=present({"token": token, "organization": organization, "email": email, "password": password}),
            timeout_s=request_timeout,
        )
        answer: schemas.SetupDone = await self._call(request)
        return answer

    async def update(
        self,
        *,
        name: str | Unset = UNSET,
        require_mfa: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Organization:
        """Rename the organisation, or require a second factor.

        As `Organization.update`.
        """
        request = Request(
            "PATCH",
            "/api/v2/organization",
            body=present({"name": name, "require_mfa": require_mfa}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Organization = await self._call(request)
        return answer
