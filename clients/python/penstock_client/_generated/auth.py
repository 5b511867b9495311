"""`client.auth`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import UNSET, Request, Unset, new_key, present
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Auth(Resource):
    """Exchange e-mail, password and code for tokens; reset a password; accept an invitation."""

    def accept_invitation(
        self, *, token: str, password: str, name: str | Unset = UNSET, request_timeout: float | None = None
    ) -> schemas.Joined:
        """Accept an invitation.

        Requires the token from the mail. Sign in afterwards.
        """
        request = Request(
            "POST",
            "/api/v2/auth/invitations/accept",
            body=present({"token": token, "password": password, "name": name}),
            timeout_s=request_timeout,
        )
        answer: schemas.Joined = self._call(request)
        return answer

    def complete_sign_in(self, *, mfa_token: str, code: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Complete a sign-in with a second factor."""
        request = Request(
            "POST", "/api/v2/auth/sign-in/code", body=present({"mfa_token": mfa_token, "code": code}), timeout_s=request_timeout
        )
        answer: schemas.SignedIn = self._call(request)
        return answer

    def refresh_tokens(self, *, refresh_token: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Exchange a refresh token for new tokens.

        A refresh token works once. Using it again ends the session, because two clients then have the token and one of
        them may have stolen it.
        """
        request = Request(
            "POST", "/api/v2/auth/refresh", body=present({"refresh_token": refresh_token}), timeout_s=request_timeout
        )
        answer: schemas.SignedIn = self._call(request)
        return answer

    def request_password_reset(self, *, email: str, request_timeout: float | None = None) -> None:
        """Request a mail to reset a password.

        The response, and its duration, do not reveal whether an account with this e-mail exists.
        """
        request = Request("POST", "/api/v2/auth/password/forgot", body=present({"email": email}), timeout_s=request_timeout)
        self._call(request)

    def reset_password(self, *, token: str, new_password: str, request_timeout: float | None = None) -> None:
        """Reset a password with the token from a mail.

        All sessions of the user end. A second factor is kept.
        """
        request = Request(
            "POST",
            "/api/v2/auth/password/reset",
            body=present({"token": token, "new_password": new_password}),
            timeout_s=request_timeout,
        )
        self._call(request)

    def sign_in(
        self, *, email: str, password: str, organization_id: str | Unset | None = UNSET, request_timeout: float | None = None
    ) -> schemas.SignedIn:
        """Sign in.

        The response does not reveal whether the e-mail or the password is wrong. After several failed attempts each
        further one increases the wait (429, `Retry-After`).
        """
        request = Request(
            "POST",
            "/api/v2/auth/sign-in",
            body=present({"email": email, "password": password, "organization_id": organization_id}),
            timeout_s=request_timeout,
        )
        answer: schemas.SignedIn = self._call(request)
        return answer

    def sign_in_with_link(self, *, token: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Sign in with a link.

        Requires the token of a link that the server printed where it was started, such as the link of the demo. It
        works once, and until the server is restarted. A second factor is required as for a password.
        """
        request = Request("POST", "/api/v2/auth/link", body=present({"token": token}), timeout_s=request_timeout)
        answer: schemas.SignedIn = self._call(request)
        return answer

    def sign_out(self, *, refresh_token: str, request_timeout: float | None = None) -> None:
        """End a session.

        Succeeds also if the session does not exist.
        """
        request = Request(
            "POST", "/api/v2/auth/sign-out", body=present({"refresh_token": refresh_token}), timeout_s=request_timeout
        )
        self._call(request)

    def switch_organization(
        self, *, organization_id: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SignedIn:
        """Start a session in another of your organisations.

        Requires the scope `profile:read`.
        """
        request = Request(
            "POST",
            "/api/v2/auth/switch",
            body=present({"organization_id": organization_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SignedIn = self._call(request)
        return answer


class AsyncAuth(AsyncResource):
    """As `Auth`, for an event loop."""

    async def accept_invitation(
        self, *, token: str, password: str, name: str | Unset = UNSET, request_timeout: float | None = None
    ) -> schemas.Joined:
        """Accept an invitation.

        As `Auth.accept_invitation`.
        """
        request = Request(
            "POST",
            "/api/v2/auth/invitations/accept",
            body=present({"token": token, "password": password, "name": name}),
            timeout_s=request_timeout,
        )
        answer: schemas.Joined = await self._call(request)
        return answer

    async def complete_sign_in(self, *, mfa_token: str, code: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Complete a sign-in with a second factor.

        As `Auth.complete_sign_in`.
        """
        request = Request(
            "POST", "/api/v2/auth/sign-in/code", body=present({"mfa_token": mfa_token, "code": code}), timeout_s=request_timeout
        )
        answer: schemas.SignedIn = await self._call(request)
        return answer

    async def refresh_tokens(self, *, refresh_token: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Exchange a refresh token for new tokens.

        As `Auth.refresh_tokens`.
        """
        request = Request(
            "POST", "/api/v2/auth/refresh", body=present({"refresh_token": refresh_token}), timeout_s=request_timeout
        )
        answer: schemas.SignedIn = await self._call(request)
        return answer

    async def request_password_reset(self, *, email: str, request_timeout: float | None = None) -> None:
        """Request a mail to reset a password.

        As `Auth.request_password_reset`.
        """
        request = Request("POST", "/api/v2/auth/password/forgot", body=present({"email": email}), timeout_s=request_timeout)
        await self._call(request)

    async def reset_password(self, *, token: str, new_password: str, request_timeout: float | None = None) -> None:
        """Reset a password with the token from a mail.

        As `Auth.reset_password`.
        """
        request = Request(
            "POST",
            "/api/v2/auth/password/reset",
            body=present({"token": token, "new_password": new_password}),
            timeout_s=request_timeout,
        )
        await self._call(request)

    async def sign_in(
        self, *, email: str, password: str, organization_id: str | Unset | None = UNSET, request_timeout: float | None = None
    ) -> schemas.SignedIn:
        """Sign in.

        As `Auth.sign_in`.
        """
        request = Request(
            "POST",
            "/api/v2/auth/sign-in",
            body=present({"email": email, "password": password, "organization_id": organization_id}),
            timeout_s=request_timeout,
        )
        answer: schemas.SignedIn = await self._call(request)
        return answer

    async def sign_in_with_link(self, *, token: str, request_timeout: float | None = None) -> schemas.SignedIn:
        """Sign in with a link.

        As `Auth.sign_in_with_link`.
        """
        request = Request("POST", "/api/v2/auth/link", body=present({"token": token}), timeout_s=request_timeout)
        answer: schemas.SignedIn = await self._call(request)
        return answer

    async def sign_out(self, *, refresh_token: str, request_timeout: float | None = None) -> None:
        """End a session.

        As `Auth.sign_out`.
        """
        request = Request(
            "POST", "/api/v2/auth/sign-out", body=present({"refresh_token": refresh_token}), timeout_s=request_timeout
        )
        await self._call(request)

    async def switch_organization(
        self, *, organization_id: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SignedIn:
        """Start a session in another of your organisations.

        As `Auth.switch_organization`.
        """
        request = Request(
            "POST",
            "/api/v2/auth/switch",
            body=present({"organization_id": organization_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SignedIn = await self._call(request)
        return answer
