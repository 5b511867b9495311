"""The page of the key under which the organisation's secrets are encrypted."""

from __future__ import annotations

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.vault.tabs import HERE, vault_tabs

KEYS = "/api/v2/vault/keys"
HERE_KEYS = f"{HERE}/keys"


class VaultKeyPages:
    """Versions of the key, its rotation, and its destruction."""

    pages = Pages("/vault/keys", nav="vault")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the versions."""
        return Page("vault/keys.html", title="Encryption keys", tabs=vault_tabs(visit), keys=await visit.get(KEYS))

    @pages.post("/rotate")
    async def rotate(self, visit: Visit) -> Redirect:
        """Make a new version, under which everything is encrypted again."""
        return await self._acted(visit, f"{KEYS}/rotate", None, "A new version encrypts. Older values follow in the background.")

    @pages.post("/shred")
    async def shred(self, visit: Visit) -> Redirect:
        """Destroy all versions, and with them every secret."""
        body = {"organization_name": visit.form.value("confirm")}
        return await self._acted(visit, f"{KEYS}/shred", body, "All keys were destroyed, and with them what they encrypted.")

    async def _acted(self, visit: Visit, path: str, body: object, text: str) -> Redirect:
        try:
            await visit.do("POST", path, body=body)
        except ApiFailed as error:
            return visit.refused(HERE_KEYS, error)
        return visit.done(HERE_KEYS, text)
