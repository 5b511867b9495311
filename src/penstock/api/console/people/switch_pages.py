"""Choosing between the organisations of one person."""

from __future__ import annotations

from penstock.api.console.people.session import CHOICE, SessionOpener, local
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.navigation import ROOT
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit


class SwitchPages:
    """The choice, and the switch of the menu at the top."""

    pages = Pages("")

    def __init__(self, opener: SessionOpener) -> None:
        self._opener = opener

    @pages.get("/organizations")
    async def choose(self, visit: Visit) -> Page:
        """Show the organisations."""
        profile = await visit.get("/api/v2/profile")
        return Page("people/organizations.html", title="Organisations", memberships=profile["memberships"])

    @pages.post("/organization")
    async def switch(self, visit: Visit) -> Redirect:
        """Continue in another organisation. The session in the previous one ends."""
        target = visit.form.value("organization_id")
        after = local(visit.form.value("next")) or ROOT
        if target == visit.viewer.organization.get("id"):
            return Redirect(after)
        try:
            tokens = await visit.do("POST", "/api/v2/auth/switch", body={"organization_id": target})
        except ApiFailed as error:
            return visit.refused(CHOICE, error)
        await visit.send("POST", "/api/v2/auth/sign-out", body={"refresh_token": visit.session})
        return Redirect(after, headers=[(b"set-cookie", self._opener.cookie(visit, tokens))])
