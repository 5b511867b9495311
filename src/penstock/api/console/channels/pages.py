"""The pages of chat channels, and of one's own quiet hours."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

HOME = "/console/channels"
CHANNELS, CHANNEL = "/api/v2/notification-channels", "/api/v2/notification-channels/{channel_id}"
QUIET = "/api/v2/profile/quiet-hours"
KINDS = (("slack", "Slack"), ("teams", "Microsoft Teams"), ("discord", "Discord"), ("telegram", "Telegram"))
DAYS = (("1", "Mon"), ("2", "Tue"), ("3", "Wed"), ("4", "Thu"), ("5", "Fri"), ("6", "Sat"), ("7", "Sun"))
NIGHT = {"from": "22:00", "to": "07:00", "days": [1, 2, 3, 4, 5, 6, 7], "breaks_through": "critical"}
"""What the form offers for the first time."""


class ChannelPages:
    """Chat channels to which alerts and rules write, and the hours in which no mail is sent."""

    pages = Pages("/channels", nav="alerts")

    @pages.get()
    async def show(self, visit: Visit) -> Page:
        """List the channels, and show the quiet hours."""
        return await _list(visit)

    @pages.get("/new")
    async def new(self, visit: Visit) -> Page:
        """Show the form of a new channel."""
        form = Form.showing({"kind": visit.query.get("kind", "slack")})
        return Page("channels/edit.html", title="New channel", form=form, channel=None, kinds=KINDS)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page | Redirect:
        """Create a channel, or change the form."""
        form = visit.form
        if form.value("do") == "reshape":
            return Page("channels/edit.html", title="New channel", form=form, channel=None, kinds=KINDS)
        answer = await visit.send("POST", CHANNELS, body=form.body("name", "kind", *_fields(form.value("kind"))))
        if not answer.ok:
            form.failed(answer.value)
            visit.calls.clear()  # the call has a credential in it
            return Page("channels/edit.html", title="New channel", status=answer.status, form=form, channel=None, kinds=KINDS)
        return visit.done(HOME, "Channel created. Send a test to be sure.")

    @pages.post("/quiet-hours")
    async def set_quiet_hours(self, visit: Visit) -> Page | Redirect:
        """Set one's quiet hours, or end them."""
        form = visit.form
        if not form.flag("enabled"):
            await visit.do("DELETE", QUIET)
            return visit.done(HOME, "Quiet hours are off")
        days = [int(day) for day in form.all("days") if day in dict(DAYS)]
        body: dict[str, Any] = form.body("time_zone", "from", "to", days=days)
        body["breaks_through"] = form.value("breaks_through") or None
        answer = await visit.send("PUT", QUIET, body=body)
        if not answer.ok:
            return await _list(visit, form.failed(answer.value), answer.status)
        return visit.done(HOME, "Quiet hours are on")

    @pages.get("/{channel_id}")
    async def edit(self, visit: Visit) -> Page:
        """Show a channel, with a form for another address."""
        channel = await visit.get(CHANNEL, path=visit.params)
        return Page("channels/edit.html", title=channel["name"], form=Form.showing(channel), channel=channel, kinds=KINDS)

    @pages.post("/{channel_id}")
    async def save(self, visit: Visit) -> Page | Redirect:
        """Change the address of a channel."""
        channel = await visit.get(CHANNEL, path=visit.params)
        body = visit.form.body(*_fields(channel["kind"]))
        answer = await visit.send("PATCH", CHANNEL, path=visit.params, body=body)
        if not answer.ok:
            form = visit.form.failed(answer.value)
            visit.calls.clear()
            page = {"form": form, "channel": channel, "kinds": KINDS}
            return Page("channels/edit.html", title=channel["name"], status=answer.status, **page)
        return visit.done(HOME, "Channel saved")

    @pages.post("/{channel_id}/test")
    async def test(self, visit: Visit) -> Redirect:
        """Send a test message."""
        try:
            done = await visit.do("POST", f"{CHANNEL}/test", path=visit.params)
        except ApiFailed as error:
            return visit.refused(HOME, error)
        if not done["delivered"]:
            return visit.refused(HOME, ApiFailed(502, {"detail": f"The message was not accepted: {done['error']}"}))
        return visit.done(HOME, "The message was accepted")

    @pages.post("/{channel_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete a channel."""
        try:
            await visit.do("DELETE", CHANNEL, path=visit.params)
        except ApiFailed as error:
            return visit.refused(HOME, error)
        return visit.done(HOME, "Channel deleted")


async def _list(visit: Visit, form: Form | None = None, status: int = 200) -> Page:
    query = visit.asked("q", "sort", "cursor", "limit")
    channels, quiet = await asyncio.gather(visit.get(CHANNELS, query=query), visit.find(QUIET))
    if form is None:
        shown = quiet if quiet and quiet["enabled"] else NIGHT | {"time_zone": str(visit.viewer.zone)}
        form = Form.showing(shown | {"enabled": bool(quiet and quiet["enabled"])})
    return Page(
        "channels/list.html",
        title="Channels",
        status=status,
        channels=channels,
        quiet=quiet,
        quiet_form=form,
        kinds=KINDS,
        days=DAYS,
    )


def _fields(kind: str) -> tuple[str, ...]:
    """The fields of a channel's address."""
    return ("token", "chat") if kind == "telegram" else ("url",)
