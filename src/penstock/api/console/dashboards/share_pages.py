"""The page of a dashboard's share links."""

from __future__ import annotations

from penstock.api.console.dashboards.pages import DASHBOARD, HOME
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import header

SHARES = DASHBOARD + "/shares"
DAY_S = 86_400
DEFAULT_DAYS = 30


class SharePages:
    """Create, list and revoke the links under which others read a dashboard."""

    pages = Pages("/dashboards/{dashboard_id}/shares", nav="dashboards")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """Show the links of a dashboard."""
        return await self._page(visit, Form.showing({"days": DEFAULT_DAYS}))

    @pages.post()
    async def create(self, visit: Visit) -> Page:
        """Create a link, and show its address this one time."""
        form = visit.form
        days = form.number("days")
        body = {
            "name": form.value("name").strip(),
            "expires_in_s": int(days * DAY_S) if isinstance(days, int | float) else days,
            "variables": form.pairs("variables"),
            "allow_embed": form.lines("allow_embed"),
        }
        answer = await visit.send("POST", SHARES, path=visit.params, body=body)
        if not answer.ok:
            return await self._page(visit, form.failed(answer.value, {"days": "expires_in_s"}), status=answer.status)
        host = (header(visit.scope, b"host") or b"localhost").decode("latin-1")
        address = f"{visit.scope.get('scheme', 'http')}://{host}{answer.value['url']}"
        return await self._page(visit, Form.showing({"days": DEFAULT_DAYS}), address=address, made=answer.value["share"])

    @pages.post("/{share_id}/revoke")
    async def revoke(self, visit: Visit) -> Redirect:
        """Revoke a link."""
        location = f"{HOME}/{visit.params['dashboard_id']}/shares"
        try:
            await visit.do("DELETE", "/api/v2/dashboard-shares/{share_id}", path={"share_id": visit.params["share_id"]})
        except ApiFailed as error:
            return visit.refused(location, error)
        return visit.done(location, "Link revoked. It no longer works.")

    async def _page(self, visit: Visit, form: Form, *, status: int = 200, address: str = "", made: object = None) -> Page:
        path = {"dashboard_id": visit.params["dashboard_id"]}
        dashboard = await visit.get(DASHBOARD, path=path)
        shares = await visit.get(SHARES, path=path, query={"limit": "50", "cursor": visit.query.get("cursor")})
        return Page(
            "dashboards/shares.html",
            title=dashboard["name"],
            status=status,
            dashboard=dashboard,
            shares=shares,
            form=form,
            address=address,
            made=made,
        )
