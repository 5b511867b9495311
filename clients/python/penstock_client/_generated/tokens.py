"""`client.tokens`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Tokens(Resource):
    """Seeds of one-time passwords that people and pipelines share, and their codes."""

    def approve_seed_request(
        self, token: str, request_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Request:
        """Approve a request of another person.

        The user or key that made it can then read the seed once, until the time `until`.

        Requires the scope `tokens:seed`.

        `token`: A token's name, or its id (`tok_…`). `request_id`: The id of a request to read a seed (`srq_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests/{quoted(request_id)}/approve",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = self._call(request)
        return answer

    def code(self, token: str, *, consume: bool | None = None, request_timeout: float | None = None) -> schemas.Code:
        """Get the current code of a token.

        Each call is recorded in the audit log before it is answered. With `consume` a code is returned to one call
        only, so that two pipelines never send the same one: the others are rejected with 409, and `Retry-After` says
        when the next code begins. A call without it returns the code in any case.

        With `consume` a code is returned to one call only.

        Requires the scope `tokens:code`.

        `token`: A token's name, or its id (`tok_…`). `consume`: Whether the code is returned to one call only.
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}/code", query={"consume": consume}, timeout_s=request_timeout)
        answer: schemas.Code = self._call(request)
        return answer

    def create(
        self,
        *,
        name: str,
        secret: str | Unset = UNSET,
        uri: str | Unset = UNSET,
        issuer: str | Unset = UNSET,
        account: str | Unset = UNSET,
        description: str | Unset = UNSET,
        algorithm: str | Unset = UNSET,
        digits: int | Unset = UNSET,
        period_s: int | Unset = UNSET,
        four_eyes: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Token:
        """Create a token.

        From a secret in base32, as services show it below their QR code, or from an `otpauth://` URI. The secret is
        encrypted.

        Requires the scope `tokens:write`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens",
            body=present(
                {
                    "name": name,
                    "secret": secret,
                    "uri": uri,
                    "issuer": issuer,
                    "account": account,
                    "description": description,
                    "algorithm": algorithm,
                    "digits": digits,
                    "period_s": period_s,
                    "four_eyes": four_eyes,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Token = self._call(request)
        return answer

    def create_from_picture(
        self,
        *,
        picture: str,
        name: str | None = None,
        conflict: Literal["rename", "replace", "skip"] | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.TokenImportResult:
        """Create tokens from a picture of QR codes.

        A PNG or JPEG of at most 1 MiB and 16 million pixels, such as a screenshot, sent as it is or in base64. It can
        have several codes, and those of an export of Google Authenticator. The picture is not stored.

        With `name` the picture must have one token, which gets this name. Without it, `conflict` is as in an import.

        Requires the scope `tokens:write`.

        `name`: The name of the only token in the picture; by default names are made of issuer and account. `conflict`:
        What to do with a token whose name exists: skip it, rename it, or replace the seed of the existing one.
        `dry_run`: Whether the picture is only read.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/from-picture",
            query={"name": name, "conflict": conflict, "dry_run": dry_run},
            body=present({"picture": picture}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.TokenImportResult = self._call(request)
        return answer

    def create_grant(
        self,
        token: str,
        *,
        subject: str,
        permission: Literal["code", "seed"],
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Grant a token to a group, user or key.

        It applies from the next call, and no longer from its end on. To grant the seed needs the scope tokens:seed as
        well. A key to which something was granted can access only what is granted from then on, also after the grant
        has ended.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/grants",
            body=present(
                {
                    "subject": subject,
                    "permission": permission,
                    "expires_at": expires_at,
                    "expires_in_s": expires_in_s,
                    "reason": reason,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = self._call(request)
        return answer

    def create_seed_request(
        self,
        token: str,
        *,
        reason: str,
        purpose: Literal["end_four_eyes", "read"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Request:
        """Request to read the seed of a token.

        For tokens with `four_eyes`. The caller must be allowed to read the seed, apart from the approval of a second
        person.

        Requires the scope `tokens:seed`.

        `token`: A token's name, or its id (`tok_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests",
            body=present({"reason": reason, "purpose": purpose}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = self._call(request)
        return answer

    def delete(self, token: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a token.

        Its seed and its grants are deleted with it.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/tokens/{quoted(token)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def deny_seed_request(
        self, token: str, request_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Request:
        """Deny a request of another person.

        Requires the scope `tokens:seed`.

        `token`: A token's name, or its id (`tok_…`). `request_id`: The id of a request to read a seed (`srq_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests/{quoted(request_id)}/deny",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = self._call(request)
        return answer

    def elevate_grant(
        self,
        token: str,
        grant_id: str,
        *,
        expires_in_s: int,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Grant the seed for a while to a holder of codes.

        Returns the grant of the seed, which ends by itself: after these seconds, and not after the grant of the codes.
        Needs the scope tokens:seed as well.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`). `grant_id`: The id of a grant (`grn_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}/elevate",
            body=present({"expires_in_s": expires_in_s, "reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = self._call(request)
        return answer

    def export(
        self,
        *,
        format: Literal["otpauth", "penstock"] | Unset = UNSET,
        passphrase: str | Unset | None = UNSET,
        names: Sequence[str] | Unset | None = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.ExportedTokenFile:
        """Export tokens with their seeds.

        As a file that is encrypted with a passphrase; only if that is asked for, as a text with one `otpauth://` URI
        per line, which is not encrypted. The caller must be allowed to read the seed of each. The entry in the audit
        log is flagged, and lists the names.

        Requires the scope `tokens:seed`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/export",
            body=present({"format": format, "passphrase": passphrase, "names": names}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.ExportedTokenFile = self._call(request)
        return answer

    def get(self, token: str, *, request_timeout: float | None = None) -> schemas.Token:
        """Get a token.

        By its name or id, without seed and code.

        Requires the scope `tokens:read`.

        `token`: A token's name, or its id (`tok_…`).
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}", timeout_s=request_timeout)
        answer: schemas.Token = self._call(request)
        return answer

    def get_seed(self, token: str, *, request_timeout: float | None = None) -> schemas.TokenSeed:
        """Show the seed of a token.

        The entry in the audit log is flagged. A grant for codes only is not sufficient.

        Requires the scope `tokens:seed`.

        `token`: A token's name, or its id (`tok_…`).
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}/seed", timeout_s=request_timeout)
        answer: schemas.TokenSeed = self._call(request)
        return answer

    def import_(
        self,
        *,
        format: Literal["2fas", "aegis", "google", "otpauth", "penstock"],
        content: str,
        passphrase: str | Unset | None = UNSET,
        conflict: Literal["rename", "replace", "skip"] | Unset = UNSET,
        dry_run: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.TokenImportResult:
        """Import tokens from a file.

        Of Google Authenticator, Aegis, 2FAS, this platform, or `otpauth://` URIs, at most 1,000 tokens. Each gets a
        name made of its issuer and account. All of them are created together, or none; with `dry_run` nothing is.
        Entries that cannot become tokens are listed with the reason.

        Requires the scope `tokens:write`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/import",
            body=present(
                {"format": format, "content": content, "passphrase": passphrase, "conflict": conflict, "dry_run": dry_run}
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.TokenImportResult = self._call(request)
        return answer

    def list(
        self,
        *,
        search: str | None = None,
        issuer: str | None = None,
        rotate: bool | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Token]:
        """List tokens.

        By default from A to Z, without seeds and codes. A member sees those that are granted to them.

        Filters for tokens. `search` is found in name, issuer, account and description; `rotate`: whether they are
        marked.

        Requires the scope `tokens:read`.

        `search`: Only tokens with this text in name, issuer, account or description. `issuer`: Only tokens of this
        issuer. `rotate`: Only tokens whose seed should be replaced, or only the others. `sort`: The order: by name or
        by creation; `-` reverses it. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous
        page.
        """
        request = Request(
            "GET",
            "/api/v2/tokens",
            query={"search": search, "issuer": issuer, "rotate": rotate, "sort": sort, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_grants(
        self, token: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Grant]:
        """List the grants of a token.

        Oldest first. Callers who reach only what is granted see the grants to themselves, to their groups and to the
        key.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `tokens:read`.

        `token`: A token's name, or its id (`tok_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of
        the previous page.
        """
        request = Request(
            "GET", f"/api/v2/tokens/{quoted(token)}/grants", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_grants_of_subject(
        self, *, subject: str, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Grant]:
        """List what was granted to a group, user or key.

        Oldest first. What was granted to the groups of a user is listed with the groups. Callers who reach only what is
        granted can ask for themselves and their groups.

        The id of a group, user or key.

        Requires the scope `tokens:read`.

        `subject`: The id of a group (`grp_…`), user (`usr_…`) or key (`key_…`). `limit`: Maximum number of results.
        `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET", "/api/v2/token-grants", query={"subject": subject, "limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def revoke_grant(self, token: str, grant_id: str, *, request_timeout: float | None = None) -> None:
        """Revoke a grant.

        It no longer applies to the next call.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`). `grant_id`: The id of a grant (`grn_…`).
        """
        request = Request("DELETE", f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}", timeout_s=request_timeout)
        self._call(request)

    def rotate_seed(
        self, token: str, *, secret: str | Unset | None = UNSET, request_timeout: float | None = None
    ) -> schemas.TokenSeed:
        """Replace the seed of a token.

        By the secret in the body, which the service shows, or by a new random one. The response shows it. The mark that
        says that the seed should be replaced is removed. The entry in the audit log is flagged. The response is not
        stored, so an `Idempotency-Key` has no effect: a repeated call replaces the seed again.

        Requires the scope `tokens:seed`.

        `token`: A token's name, or its id (`tok_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed/rotate",
            body=present({"secret": secret}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.TokenSeed = self._call(request)
        return answer

    def update(
        self,
        token: str,
        *,
        name: str | Unset = UNSET,
        issuer: str | Unset = UNSET,
        account: str | Unset = UNSET,
        description: str | Unset = UNSET,
        four_eyes: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Token:
        """Change a token.

        Omitted fields are unchanged. Algorithm, digits and period belong to the seed: create another token instead.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/tokens/{quoted(token)}",
            body=present({"name": name, "issuer": issuer, "account": account, "description": description, "four_eyes": four_eyes})
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Token = self._call(request)
        return answer

    def update_grant(
        self,
        token: str,
        grant_id: str,
        *,
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Set when a grant ends.

        Requires the scope `tokens:write`.

        `token`: A token's name, or its id (`tok_…`). `grant_id`: The id of a grant (`grn_…`).
        """
        request = Request(
            "PATCH",
            f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}",
            body=present({"expires_at": expires_at, "expires_in_s": expires_in_s}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = self._call(request)
        return answer


class AsyncTokens(AsyncResource):
    """As `Tokens`, for an event loop."""

    async def approve_seed_request(
        self, token: str, request_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Request:
        """Approve a request of another person.

        As `Tokens.approve_seed_request`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests/{quoted(request_id)}/approve",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = await self._call(request)
        return answer

    async def code(self, token: str, *, consume: bool | None = None, request_timeout: float | None = None) -> schemas.Code:
        """Get the current code of a token.

        As `Tokens.code`.
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}/code", query={"consume": consume}, timeout_s=request_timeout)
        answer: schemas.Code = await self._call(request)
        return answer

    async def create(
        self,
        *,
        name: str,
        secret: str | Unset = UNSET,
        uri: str | Unset = UNSET,
        issuer: str | Unset = UNSET,
        account: str | Unset = UNSET,
        description: str | Unset = UNSET,
        algorithm: str | Unset = UNSET,
        digits: int | Unset = UNSET,
        period_s: int | Unset = UNSET,
        four_eyes: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Token:
        """Create a token.

        As `Tokens.create`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens",
            body=present(
                {
                    "name": name,
                    "secret": secret,
                    "uri": uri,
                    "issuer": issuer,
                    "account": account,
                    "description": description,
                    "algorithm": algorithm,
                    "digits": digits,
                    "period_s": period_s,
                    "four_eyes": four_eyes,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Token = await self._call(request)
        return answer

    async def create_from_picture(
        self,
        *,
        picture: str,
        name: str | None = None,
        conflict: Literal["rename", "replace", "skip"] | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.TokenImportResult:
        """Create tokens from a picture of QR codes.

        As `Tokens.create_from_picture`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/from-picture",
            query={"name": name, "conflict": conflict, "dry_run": dry_run},
            body=present({"picture": picture}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.TokenImportResult = await self._call(request)
        return answer

    async def create_grant(
        self,
        token: str,
        *,
        subject: str,
        permission: Literal["code", "seed"],
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Grant a token to a group, user or key.

        As `Tokens.create_grant`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/grants",
            body=present(
                {
                    "subject": subject,
                    "permission": permission,
                    "expires_at": expires_at,
                    "expires_in_s": expires_in_s,
                    "reason": reason,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = await self._call(request)
        return answer

    async def create_seed_request(
        self,
        token: str,
        *,
        reason: str,
        purpose: Literal["end_four_eyes", "read"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Request:
        """Request to read the seed of a token.

        As `Tokens.create_seed_request`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests",
            body=present({"reason": reason, "purpose": purpose}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = await self._call(request)
        return answer

    async def delete(self, token: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a token.

        As `Tokens.delete`.
        """
        request = Request("DELETE", f"/api/v2/tokens/{quoted(token)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def deny_seed_request(
        self, token: str, request_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Request:
        """Deny a request of another person.

        As `Tokens.deny_seed_request`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed-requests/{quoted(request_id)}/deny",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Request = await self._call(request)
        return answer

    async def elevate_grant(
        self,
        token: str,
        grant_id: str,
        *,
        expires_in_s: int,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Grant the seed for a while to a holder of codes.

        As `Tokens.elevate_grant`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}/elevate",
            body=present({"expires_in_s": expires_in_s, "reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = await self._call(request)
        return answer

    async def export(
        self,
        *,
        format: Literal["otpauth", "penstock"] | Unset = UNSET,
        passphrase: str | Unset | None = UNSET,
        names: Sequence[str] | Unset | None = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.ExportedTokenFile:
        """Export tokens with their seeds.

        As `Tokens.export`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/export",
            body=present({"format": format, "passphrase": passphrase, "names": names}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.ExportedTokenFile = await self._call(request)
        return answer

    async def get(self, token: str, *, request_timeout: float | None = None) -> schemas.Token:
        """Get a token.

        As `Tokens.get`.
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}", timeout_s=request_timeout)
        answer: schemas.Token = await self._call(request)
        return answer

    async def get_seed(self, token: str, *, request_timeout: float | None = None) -> schemas.TokenSeed:
        """Show the seed of a token.

        As `Tokens.get_seed`.
        """
        request = Request("GET", f"/api/v2/tokens/{quoted(token)}/seed", timeout_s=request_timeout)
        answer: schemas.TokenSeed = await self._call(request)
        return answer

    async def import_(
        self,
        *,
        format: Literal["2fas", "aegis", "google", "otpauth", "penstock"],
        content: str,
        passphrase: str | Unset | None = UNSET,
        conflict: Literal["rename", "replace", "skip"] | Unset = UNSET,
        dry_run: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.TokenImportResult:
        """Import tokens from a file.

        As `Tokens.import_`.
        """
        request = Request(
            "POST",
            "/api/v2/tokens/import",
            body=present(
                {"format": format, "content": content, "passphrase": passphrase, "conflict": conflict, "dry_run": dry_run}
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.TokenImportResult = await self._call(request)
        return answer

    def list(
        self,
        *,
        search: str | None = None,
        issuer: str | None = None,
        rotate: bool | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Token]:
        """List tokens.

        As `Tokens.list`.
        """
        request = Request(
            "GET",
            "/api/v2/tokens",
            query={"search": search, "issuer": issuer, "rotate": rotate, "sort": sort, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_grants(
        self, token: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Grant]:
        """List the grants of a token.

        As `Tokens.list_grants`.
        """
        request = Request(
            "GET", f"/api/v2/tokens/{quoted(token)}/grants", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def list_grants_of_subject(
        self, *, subject: str, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Grant]:
        """List what was granted to a group, user or key.

        As `Tokens.list_grants_of_subject`.
        """
        request = Request(
            "GET", "/api/v2/token-grants", query={"subject": subject, "limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    async def revoke_grant(self, token: str, grant_id: str, *, request_timeout: float | None = None) -> None:
        """Revoke a grant.

        As `Tokens.revoke_grant`.
        """
        request = Request("DELETE", f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def rotate_seed(
        self, token: str, *, secret: str | Unset | None = UNSET, request_timeout: float | None = None
    ) -> schemas.TokenSeed:
        """Replace the seed of a token.

        As `Tokens.rotate_seed`.
        """
        request = Request(
            "POST",
            f"/api/v2/tokens/{quoted(token)}/seed/rotate",
            body=present({"secret": secret}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.TokenSeed = await self._call(request)
        return answer

    async def update(
        self,
        token: str,
        *,
        name: str | Unset = UNSET,
        issuer: str | Unset = UNSET,
        account: str | Unset = UNSET,
        description: str | Unset = UNSET,
        four_eyes: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Token:
        """Change a token.

        As `Tokens.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/tokens/{quoted(token)}",
            body=present({"name": name, "issuer": issuer, "account": account, "description": description, "four_eyes": four_eyes})
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Token = await self._call(request)
        return answer

    async def update_grant(
        self,
        token: str,
        grant_id: str,
        *,
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Grant:
        """Set when a grant ends.

        As `Tokens.update_grant`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/tokens/{quoted(token)}/grants/{quoted(grant_id)}",
            body=present({"expires_at": expires_at, "expires_in_s": expires_in_s}) or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Grant = await self._call(request)
        return answer
