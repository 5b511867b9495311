"""Pages that bring tokens in from files and pictures, and out to a file."""

from __future__ import annotations

import base64
from typing import Any

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit

TOKENS = "/api/v2/tokens"
IMPORT, EXPORT = "vault/import.html", "vault/export.html"


class TokenTransferPages:
    """Import with a rehearsal before it, and export to an encrypted file."""

    pages = Pages("/vault", nav="vault")

    @pages.get("/import")
    async def show_import(self, visit: Visit) -> Page:
        """Show the form of an import."""
        return Page(IMPORT, title="Import tokens")

    @pages.post("/import")
    async def run_import(self, visit: Visit) -> Page:
        """Show what an import would do, or do it."""
        form = visit.form
        body: dict[str, Any] = form.body("format", "conflict", "passphrase", content=form.value("content"))
        body["dry_run"] = not form.flag("confirmed")
        answer = await visit.send("POST", f"{TOKENS}/import", body=body)
        if not answer.ok:
            return Page(IMPORT, title="Import tokens", status=answer.status, form=_kept(form.failed(answer.value)))
        if answer.value["dry_run"]:
            # The content is sent again to be imported; it is in this response only, which nothing stores.
            return Page(IMPORT, title="Import tokens", result=answer.value)
        return Page(IMPORT, title="Import tokens", result=answer.value, form=Form())

    @pages.get("/picture")
    async def show_picture(self, visit: Visit) -> Page:
        """Show the form of an upload, which a script sends to the API."""
        return Page("vault/picture.html", title="Tokens from a picture")

    @pages.get("/export")
    async def show_export(self, visit: Visit) -> Page:
        """Show the form of an export."""
        return Page(EXPORT, title="Export tokens")

    @pages.post("/export")
    async def run_export(self, visit: Visit) -> Page:
        """Make the encrypted file, and offer it in the response."""
        body = {"format": "penstock", "passphrase": visit.form.value("passphrase")}
        answer = await visit.send("POST", f"{TOKENS}/export", body=body)
        if not answer.ok:
            form = visit.form.failed(answer.value)
            form.drop("passphrase")
            return Page(EXPORT, title="Export tokens", status=answer.status, form=form)
        file = base64.b64encode(answer.body).decode()
        return Page(EXPORT, title="Export tokens", file=file, form=Form())


def _kept(form: Form) -> Form:
    form.drop("passphrase")
    return form
