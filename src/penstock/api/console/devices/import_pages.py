"""Importing devices from a CSV file: check it, run it, and find it again while it runs."""

from __future__ import annotations

import base64

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.shared.in_process import ApiAnswer

TEMPLATE = "devices/import.html"
KINDS = ("devices", "registers", "residents", "placements")
HERE = f"{ROOT}/devices/import"


class DeviceImportPages:
    """The form of a file, and the progress of an import."""

    pages = Pages("/devices/import", nav="devices")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the form, and the imports before."""
        return await self._form(visit)

    @pages.post()
    async def start(self, visit: Visit) -> Page | Redirect:
        """Check a file, or import it."""
        form = visit.form
        kind = form.value("kind") if form.value("kind") in KINDS else KINDS[0]
        query = {"kind": kind} | ({"dry_run": "true"} if form.value("action") != "import" else {})
        body = {"content": base64.b64encode(form.value("content").encode()).decode()}
        answer = await visit.send("POST", "/api/v2/imports", query=query, body=body)
        if not answer.ok:
            form.failed(answer.value)
            form.errors["content"] = form.problem  # the errors of the API name columns of the file
            return await self._form(visit, answer)
        if form.value("action") == "import":
            return visit.done(f"{HERE}/{answer.value['id']}", "The import has started. You can leave this page.")
        return await self._form(visit, answer)

    async def _form(self, visit: Visit, answer: ApiAnswer | None = None) -> Page:
        before = await visit.get("/api/v2/imports", query={"limit": "10"})
        tried = answer.value if answer is not None and answer.ok else None
        recent = [one for one in before["data"] if not one["dry_run"]]
        status = answer.status if answer is not None and not answer.ok else 200
        return Page(TEMPLATE, title="Import devices", status=status, tried=tried, recent=recent, kinds=KINDS)

    @pages.get("/{import_id}")
    async def progress(self, visit: Visit) -> Page:
        """Show how far an import is, and which rows have faults."""
        found = await visit.get("/api/v2/imports/{import_id}", path=visit.params)
        faults = await visit.get("/api/v2/imports/{import_id}/faults", path=visit.params, query={"limit": "100"})
        runs = found["state"] in ("queued", "running")
        return Page("devices/import_progress.html", title="Import", found=found, faults=faults, runs=runs)

    @pages.post("/{import_id}/cancel")
    async def cancel(self, visit: Visit) -> Redirect:
        """Stop an import; rows that were imported stay."""
        location = f"{HERE}/{visit.params['import_id']}"
        try:
            await visit.do("POST", "/api/v2/imports/{import_id}/cancel", path=visit.params)
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Cancelled. Rows that were already imported stay.")
