"""The pages of devices."""

from __future__ import annotations

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit


class DevicePages:
    """The list of devices, and what each of them says."""

    pages = Pages("/devices", nav="devices")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list."""
        query = {name: visit.query.get(name) for name in ("q", "cursor", "limit")}
        found = await visit.get("/api/v2/devices", query=query)
        return Page("devices/list.html", title="Devices", devices=found["data"], next_cursor=found["next_cursor"])
