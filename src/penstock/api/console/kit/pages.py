"""All parts of pages in every state, for those who change them."""

from __future__ import annotations

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit


class KitPages:
    """The page that shows the parts. It is there only with `console.kit`."""

    pages = Pages("/kit")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show all parts, with data that is made up."""
        return Page("kit/kit.html", title="The kit")
