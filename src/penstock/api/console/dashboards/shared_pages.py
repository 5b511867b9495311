"""The page that visitors with a share link see. It is open to everyone who has the link."""

from __future__ import annotations

from penstock.api.console.dashboards.view import shared_board_of
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit

NOT_FOUND = 404


class SharedPages:
    """A dashboard without a session, to look at."""

    pages = Pages("/shared", public=True)

    @pages.get("/{share_token}")
    async def show(self, visit: Visit) -> Page:
        """Show a shared dashboard. Pages of the origins that the link names can show it in a frame."""
        try:
            shared = await visit.get("/api/v2/shared/dashboards/{share_token}", path=visit.params)
        except ApiFailed as error:
            if error.status != NOT_FOUND:
                raise
            return Page("dashboards/shared_gone.html", title="This link does not work", status=NOT_FOUND)
        ancestors = " ".join(shared["allow_embed"]) or "'none'"
        return Page(
            "dashboards/shared.html",
            title=shared["name"],
            headers=[(b"x-robots-tag", b"noindex")],
            shared=shared,
            board=shared_board_of(shared, visit.params["share_token"], visit.query),
            frame_ancestors=ancestors,
        )
