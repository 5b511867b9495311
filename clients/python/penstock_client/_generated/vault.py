"""`client.vault`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import Request, new_key, present
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Vault(Resource):
    """The keys that encrypt the secrets of the organisation."""

    def destroy_keys(
        self, *, organization_name: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Keys:
        """Destroy the organisation's keys.

        **This cannot be undone.** No one can decrypt the secrets of the organisation afterwards, in backups neither.
        Secrets that are entered afterwards are encrypted with a new version. `organization_name` must be the name of
        the organisation.

        Requires the scope `org:admin`.
        """
        request = Request(
            "POST",
            "/api/v2/vault/keys/shred",
            body=present({"organization_name": organization_name}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Keys = self._call(request)
        return answer

    def get_key(self, *, request_timeout: float | None = None) -> schemas.Keys:
        """Get the organisation's key.

        Its versions, and how many values are still under older ones. Keys themselves are never shown.

        Requires the scope `secrets:read`.
        """
        request = Request("GET", "/api/v2/vault/keys", timeout_s=request_timeout)
        answer: schemas.Keys = self._call(request)
        return answer

    def rotate_key(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Keys:
        """Rotate the organisation's key.

        Adds a version, which encrypts from now on. Values under older versions are encrypted again in the background.
        Old versions are kept, because backups need them.

        Requires the scope `secrets:write`.
        """
        request = Request("POST", "/api/v2/vault/keys/rotate", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Keys = self._call(request)
        return answer


class AsyncVault(AsyncResource):
    """As `Vault`, for an event loop."""

    async def destroy_keys(
        self, *, organization_name: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Keys:
        """Destroy the organisation's keys.

        As `Vault.destroy_keys`.
        """
        request = Request(
            "POST",
            "/api/v2/vault/keys/shred",
            body=present({"organization_name": organization_name}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Keys = await self._call(request)
        return answer

    async def get_key(self, *, request_timeout: float | None = None) -> schemas.Keys:
        """Get the organisation's key.

        As `Vault.get_key`.
        """
        request = Request("GET", "/api/v2/vault/keys", timeout_s=request_timeout)
        answer: schemas.Keys = await self._call(request)
        return answer

    async def rotate_key(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Keys:
        """Rotate the organisation's key.

        As `Vault.rotate_key`.
        """
        request = Request("POST", "/api/v2/vault/keys/rotate", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Keys = await self._call(request)
        return answer
