"""The keys of the vault over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.vault_keys import wire
from penstock.api.v2.vault_keys.examples import KEYS, SHREDDED
from penstock.api.v2.vault_keys.translate import from_core_status
from penstock.core.vault.keys import VaultKeys
from penstock.kit.operation import Example


class VaultKeyEndpoints:
    """Show, rotate and destroy the key that encrypts an organisation's secrets."""

    routes = Routes("/api/v2/vault/keys", surface="v2", tag="Vault")

    def __init__(self, keys: VaultKeys) -> None:
        self._keys = keys

    @routes.get("", scope="secrets:read", example=Example(answer=KEYS))
    async def get(self, call: Call[None, None]) -> wire.Keys:
        """Get the organisation's key.

        Its versions, and how many values are still under older ones. Keys themselves are never shown.
        """
        return from_core_status(await self._keys.status(call.actor))

    @routes.post("/rotate", scope="secrets:write", example=Example(answer=KEYS))
    async def rotate(self, call: Call[None, None]) -> wire.Keys:
        """Rotate the organisation's key.

        Adds a version, which encrypts from now on. Values under older versions are encrypted again in the background. Old
        versions are kept, because backups need them.
        """
        return from_core_status(await self._keys.rotate(call.actor))

    @routes.post(
        "/shred",
        scope="org:admin",
        example=Example(body={"organization_name": "North Pumps"}, answer=SHREDDED),
    )
    async def shred(self, call: Call[None, wire.Shred]) -> wire.Keys:
        """Destroy the organisation's keys.

        **This cannot be undone.** No one can decrypt the secrets of the organisation afterwards, in backups neither. Secrets that
        are entered afterwards are encrypted with a new version. `organization_name` must be the name of the organisation.
        """
        return from_core_status(await self._keys.shred(call.actor, call.body.organization_name))
