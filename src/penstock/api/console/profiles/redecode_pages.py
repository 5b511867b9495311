"""The pages of re-decodes: start one, follow it, cancel it."""

from __future__ import annotations

import asyncio

from penstock.api.console.profiles.pages import HOME, ONE
from penstock.api.console.profiles.view import is_running
from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.moments import utc_text
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

REDECODES = "/api/v2/redecodes"


class RedecodePages:
    """Stored uplinks decoded again, after a codec was mended."""

    pages = Pages("", nav="profiles")

    @pages.get("/codecs/redecodes")
    async def show_all(self, visit: Visit) -> Page:
        """Show all re-decodes of the organisation."""
        query = {name: visit.query.get(name) for name in ("state", "cursor")} | {"limit": "50"}
        found = await visit.get(REDECODES, query=query)
        return Page(
            "profiles/redecodes.html",
            title="Re-decodes",
            rows=found["data"],
            next_cursor=found["next_cursor"],
            running=is_running(found["data"]),
        )

    @pages.get("/profiles/{profile_id}/redecodes")
    async def show(self, visit: Visit) -> Page:
        """Show the re-decodes of a profile, and start one."""
        return await _page(visit, Form())

    @pages.post("/profiles/{profile_id}/redecodes")
    async def start(self, visit: Visit) -> Page | Redirect:
        """Start a re-decode of the devices of a profile, or of one of them."""
        form = visit.form
        place = {"device_id": form.value("device_id")} if form.value("device_id") else visit.params
        times = {name: utc_text(form.value(name), visit.viewer.zone) for name in ("from", "to") if form.value(name)}
        answer = await visit.send("POST", REDECODES, body={**place, **times, "only_failed": form.flag("only_failed")})
        if answer.ok:
            return visit.done(f"{HOME}/{visit.params['profile_id']}/redecodes", "Re-decode queued")
        return await _page(visit, form.failed(answer.value), answer.status)

    @pages.post("/codecs/redecodes/{redecode_id}/cancel")
    async def cancel(self, visit: Visit) -> Redirect:
        """Cancel a re-decode; what it has decoded stays so."""
        try:
            found = await visit.do("POST", REDECODES + "/{redecode_id}/cancel", path=visit.params)
        except ApiFailed as error:
            return visit.refused("/console/codecs/redecodes", error)
        profile_id = found["profile_id"]
        return visit.done(f"{HOME}/{profile_id}/redecodes" if profile_id else "/console/codecs/redecodes", "Re-decode cancelled")


async def _page(visit: Visit, form: Form, status: int = 200) -> Page:
    profile, found = await asyncio.gather(
        visit.get(ONE, path=visit.params),
        visit.get(REDECODES, query=visit.params | {"limit": "20", "cursor": visit.query.get("cursor")}),
    )
    return Page(
        "profiles/profile_redecodes.html",
        title=f"Decode again: {profile['name']}",
        status=status,
        form=form,
        profile=profile,
        rows=found["data"],
        next_cursor=found["next_cursor"],
        running=is_running(found["data"]),
    )
