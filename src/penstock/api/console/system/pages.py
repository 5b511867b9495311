"""The server as a whole: disk, workers, backups."""

from __future__ import annotations

import asyncio

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

HERE = "/console/system"


class SystemPages:
    """What only the operator sees. For others the page is the API's refusal, which says who may."""

    pages = Pages("/system", nav="system")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the server."""
        system, backups = await asyncio.gather(visit.get("/api/v2/system"), visit.get("/api/v2/system/backups"))
        is_running = any(one["state"] == "running" for one in backups["data"])
        return Page("system/show.html", title="System", system=system, backups=backups["data"], is_running=is_running)

    @pages.post("/backups")
    async def back_up(self, visit: Visit) -> Redirect:
        """Begin a backup."""
        try:
            await visit.do("POST", "/api/v2/system/backups")
        except ApiFailed as error:
            return visit.refused(HERE, error)
        return visit.done(HERE, "The backup has begun. It continues if you leave this page.")
