"""`client.keys`."""
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


class Keys(Resource):
    """API keys: scopes, restrictions, rotation and revocation."""

    def create(
        self,
        *,
        name: str,
        scopes: Sequence[str] | Unset = UNSET,
        expires_at: str | datetime | Unset | None = UNSET,
        allowed_cidrs: Sequence[str] | Unset = UNSET,
        single_use: Literal["bind", "spend"] | Unset | None = UNSET,
        calls_per_minute: int | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        style: Literal["datakubo", "iottly", "kaito", "kilo", "penstock", "siliconwit"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedKey:
        """Create a key.

        The response contains the key's value, once. You can grant only scopes that you have. The key's root is you, or
        the root of the key that makes the call; when that user is removed, so are the keys that they answer for.

        Requires the scope `org:admin`.
        """
        request = Request(
            "POST",
            "/api/v2/keys",
            body=present(
                {
                    "name": name,
                    "scopes": scopes,
                    "expires_at": expires_at,
                    "allowed_cidrs": allowed_cidrs,
                    "single_use": single_use,
                    "calls_per_minute": calls_per_minute,
                    "project_id": project_id,
                    "style": style,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedKey = self._call(request)
        return answer

    def get(self, key_id: str, *, request_timeout: float | None = None) -> schemas.Key:
        """Get a key.

        Requires the scope `org:admin`.

        `key_id`: A key's id (`key_…`).
        """
        request = Request("GET", f"/api/v2/keys/{quoted(key_id)}", timeout_s=request_timeout)
        answer: schemas.Key = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        status: Literal["active", "expired", "revoked", "rotated", "spent"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Key]:
        """List keys.

        Newest first by default, including rotated and revoked ones.

        Filters for keys. `q` is searched for in name and prefix.

        Requires the scope `org:admin`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `status`: Only those with this
        status.
        """
        request = Request(
            "GET",
            "/api/v2/keys",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "status": status},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_scopes(self, *, request_timeout: float | None = None) -> Pages[schemas.ScopeInfo]:
        """List the scopes that a key can have.

        Requires the scope `profile:read`.
        """
        request = Request("GET", "/api/v2/scopes", timeout_s=request_timeout)
        return self._list(request)

    def revoke(self, key_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Key:
        """Revoke a key.

        The key becomes invalid immediately and permanently; it stays in the list. Repeating the call has no effect.

        Requires the scope `org:admin`.

        `key_id`: A key's id (`key_…`).
        """
        request = Request(
            "POST", f"/api/v2/keys/{quoted(key_id)}/revoke", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Key = self._call(request)
        return answer

    def rotate(
        self,
        key_id: str,
        *,
        overlap_s: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedKey:
        """Rotate a key.

        Returns the new value once, under a new id and with the same rights, restrictions and root. The old value
        becomes invalid immediately, or after `overlap_s`; the old key stays in the list as rotated.

        Requires the scope `org:admin`.

        `key_id`: A key's id (`key_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/keys/{quoted(key_id)}/rotate",
            body=present({"overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedKey = self._call(request)
        return answer

    def update(self, key_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None) -> schemas.Key:
        """Rename a key.

        The scopes and restrictions of a key cannot be changed: create another key instead.

        Requires the scope `org:admin`.

        `key_id`: A key's id (`key_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH", f"/api/v2/keys/{quoted(key_id)}", body=present({"name": name}), if_match=if_match, timeout_s=request_timeout
        )
        answer: schemas.Key = self._call(request)
        return answer


class AsyncKeys(AsyncResource):
    """As `Keys`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        scopes: Sequence[str] | Unset = UNSET,
        expires_at: str | datetime | Unset | None = UNSET,
        allowed_cidrs: Sequence[str] | Unset = UNSET,
        single_use: Literal["bind", "spend"] | Unset | None = UNSET,
        calls_per_minute: int | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        style: Literal["datakubo", "iottly", "kaito", "kilo", "penstock", "siliconwit"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedKey:
        """Create a key.

        As `Keys.create`.
        """
        request = Request(
            "POST",
            "/api/v2/keys",
            body=present(
                {
                    "name": name,
                    "scopes": scopes,
                    "expires_at": expires_at,
                    "allowed_cidrs": allowed_cidrs,
                    "single_use": single_use,
                    "calls_per_minute": calls_per_minute,
                    "project_id": project_id,
                    "style": style,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedKey = await self._call(request)
        return answer

    async def get(self, key_id: str, *, request_timeout: float | None = None) -> schemas.Key:
        """Get a key.

        As `Keys.get`.
        """
        request = Request("GET", f"/api/v2/keys/{quoted(key_id)}", timeout_s=request_timeout)
        answer: schemas.Key = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        status: Literal["active", "expired", "revoked", "rotated", "spent"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Key]:
        """List keys.

        As `Keys.list`.
        """
        request = Request(
            "GET",
            "/api/v2/keys",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "status": status},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_scopes(self, *, request_timeout: float | None = None) -> AsyncPages[schemas.ScopeInfo]:
        """List the scopes that a key can have.

        As `Keys.list_scopes`.
        """
        request = Request("GET", "/api/v2/scopes", timeout_s=request_timeout)
        return self._list(request)

    async def revoke(
        self, key_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Key:
        """Revoke a key.

        As `Keys.revoke`.
        """
        request = Request(
            "POST", f"/api/v2/keys/{quoted(key_id)}/revoke", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Key = await self._call(request)
        return answer

    async def rotate(
        self,
        key_id: str,
        *,
        overlap_s: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedKey:
        """Rotate a key.

        As `Keys.rotate`.
        """
        request = Request(
            "POST",
            f"/api/v2/keys/{quoted(key_id)}/rotate",
            body=present({"overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedKey = await self._call(request)
        return answer

    async def update(
        self, key_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Key:
        """Rename a key.

        As `Keys.update`.
        """
        request = Request(
            "PATCH", f"/api/v2/keys/{quoted(key_id)}", body=present({"name": name}), if_match=if_match, timeout_s=request_timeout
        )
        answer: schemas.Key = await self._call(request)
        return answer
