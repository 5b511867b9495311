"""Pages of requests to read a seed, which a second person decides."""

from __future__ import annotations

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.vault.tabs import HERE, vault_tabs

REQUESTS = f"{HERE}/requests"
_DONE = {"approve": "Approved. The seed can be read once.", "deny": "Denied"}


class SeedRequestPages:
    """Requests, and what a second person says to them."""

    pages = Pages("/vault/requests", nav="vault")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the requests of a state, by default the open ones."""
        state = visit.query.get("state", "open")
        found = await visit.get("/api/v2/seed-requests", query={"state": state, "cursor": visit.query.get("cursor")})
        return Page(
            "vault/requests.html",
            title="Requests",
            tabs=vault_tabs(visit),
            state=state,
            requests=found["data"],
            next_cursor=found["next_cursor"],
        )

    @pages.post("/{token}/{request_id}/{verdict}")
    async def decide(self, visit: Visit) -> Redirect:
        """Approve or deny a request."""
        verdict = "approve" if visit.params["verdict"] == "approve" else "deny"
        path = {name: visit.params[name] for name in ("token", "request_id")}
        try:
            await visit.do("POST", f"/api/v2/tokens/{{token}}/seed-requests/{{request_id}}/{verdict}", path=path)
        except ApiFailed as error:
            return visit.refused(REQUESTS, error)
        return visit.done(REQUESTS, _DONE[verdict])
