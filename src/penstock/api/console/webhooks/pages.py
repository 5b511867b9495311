"""The pages of webhook endpoints: list, create, change, enable, rotate, test and replay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.moments import utc_text
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.webhooks.forms import NAMES, changed_body, new_body, shown
from penstock.api.console.webhooks.view import STATUSES, Recent, ailment, by_group, format_options, recent_of, topic_options

LIST, ONE = "/api/v2/webhooks", "/api/v2/webhooks/{webhook_id}"
MESSAGES = "/api/v2/webhook-messages"
HOME = "/console/webhooks"
PAGE_SIZE = "50"
RECENT = 500
"""From how many of the newest messages success rates are counted."""


class WebhookPages:
    """Endpoints, and what happens to their messages."""

    pages = Pages("/webhooks", nav="webhooks")

    def __init__(self, formats: Iterable[str]) -> None:
        """`formats` are the names of the formats that are installed."""
        self._formats = format_options(formats)

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list with the results of the newest messages."""
        query = visit.asked("q", "project_id", "sort", "cursor") | {"limit": PAGE_SIZE}
        found, messages = await asyncio.gather(visit.get(LIST, query=query), _recent(visit))
        recent = recent_of(messages)
        return Page(
            "webhooks/list.html",
            title="Webhooks",
            rows=found["data"],
            next_cursor=found["next_cursor"],
            recent={one["id"]: recent.get(one["id"], Recent()) for one in found["data"]},
            sample=len(messages),
        )

    @pages.get("/new")
    async def show_new(self, visit: Visit) -> Page:
        """Show the form of a new endpoint. A topic in the address is chosen already."""
        topic = visit.query.get("topic")
        form = Form.showing({"format": "standard"} | ({"topics": [topic]} if topic else {}))
        return await self._form_page(visit, form, None)

    @pages.post("/new")
    async def create(self, visit: Visit) -> Page:
        """Create an endpoint, and show its secret once."""
        answer = await visit.send("POST", LIST, body=new_body(visit.form))
        if not answer.ok:
            return await self._form_page(visit, visit.form.failed(answer.value, NAMES), None, answer.status)
        return _secret_page(answer.value, "Webhook created")

    @pages.get("/{webhook_id}")
    async def show(self, visit: Visit) -> Page:
        """Show an endpoint with its deliveries."""
        return await _endpoint_page(visit)

    @pages.get("/{webhook_id}/settings")
    async def show_settings(self, visit: Visit) -> Page:
        """Show the settings of an endpoint."""
        webhook, messages = await asyncio.gather(
            visit.get(ONE, path=visit.params), _recent(visit, webhook_id=visit.params["webhook_id"])
        )
        return await _titled(visit, "webhooks/settings.html", webhook, messages)

    @pages.get("/{webhook_id}/edit")
    async def show_edit(self, visit: Visit) -> Page:
        """Show the form of an endpoint."""
        webhook = await visit.get(ONE, path=visit.params)
        return await self._form_page(visit, shown(webhook), webhook)

    @pages.post("/{webhook_id}/edit")
    async def update(self, visit: Visit) -> Page | Redirect:
        """Change an endpoint."""
        answer = await visit.send("PATCH", ONE, path=visit.params, body=changed_body(visit.form))
        if answer.ok:
            return visit.done(_home(visit), "Webhook saved")
        webhook = await visit.get(ONE, path=visit.params)
        return await self._form_page(visit, visit.form.failed(answer.value, NAMES), webhook, answer.status)

    @pages.post("/{webhook_id}/enable")
    async def enable(self, visit: Visit) -> Redirect:
        """Enable an endpoint; its waiting messages are sent."""
        return await _act(visit, "/enable", "Webhook enabled. Waiting messages are being sent.")

    @pages.post("/{webhook_id}/disable")
    async def disable(self, visit: Visit) -> Redirect:
        """Disable an endpoint."""
        return await _act(visit, "/disable", "Webhook disabled")

    @pages.post("/{webhook_id}/test")
    async def test(self, visit: Visit) -> Redirect:
        """Send a test message, and show it with its attempts."""
        try:
            message = await visit.do("POST", ONE + "/test", path=visit.params)
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(f"{HOME}/messages/{message['id']}", "Test message queued")

    @pages.post("/{webhook_id}/rotate")
    async def rotate(self, visit: Visit) -> Page | Redirect:
        """Rotate the secret, and show the new one once."""
        body = visit.form.body("secret", overlap_s=visit.form.number("overlap_s"))
        answer = await visit.send("POST", ONE + "/rotate-secret", path=visit.params, body=body)
        if not answer.ok:
            return visit.refused(_home(visit), ApiFailed(answer.status, answer.value))
        return _secret_page(answer.value, "New secret")

    @pages.post("/{webhook_id}/replay")
    async def replay(self, visit: Visit) -> Redirect:
        """Replay messages by status, topic and time."""
        form, zone = visit.form, visit.viewer.zone
        times = {name: utc_text(form.value(name), zone) for name in ("from", "to") if form.value(name)}
        try:
            done = await visit.do("POST", ONE + "/replay", path=visit.params, body=form.body("status", "topic", **times))
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(_home(visit), f"{done['messages']} messages are due again")

    @pages.post("/{webhook_id}/delete")
    async def delete(self, visit: Visit) -> Redirect:
        """Delete an endpoint."""
        try:
            await visit.do("DELETE", ONE, path=visit.params)
        except ApiFailed as error:
            return visit.refused(_home(visit), error)
        return visit.done(HOME, "Webhook deleted")

    async def _form_page(self, visit: Visit, form: Form, webhook: dict[str, Any] | None, status: int = 200) -> Page:
        topics, projects = await asyncio.gather(
            visit.get("/api/v2/webhook-topics"), visit.find("/api/v2/projects", query={"limit": "200"})
        )
        return Page(
            "webhooks/form.html",
            title=f"Edit {webhook['name'] or webhook['url']}" if webhook else "New webhook",
            status=status,
            form=form,
            webhook=webhook,
            groups=by_group(topics["data"]),
            option_groups=topic_options(topics["data"]),
            formats=self._formats,
            project_options=[(one["id"], one["name"]) for one in (projects or {"data": []})["data"]],
        )


def _home(visit: Visit) -> str:
    return f"{HOME}/{visit.params['webhook_id']}"


async def _act(visit: Visit, action: str, text: str) -> Redirect:
    try:
        await visit.do("POST", ONE + action, path=visit.params)
    except ApiFailed as error:
        return visit.refused(_home(visit), error)
    return visit.done(_home(visit), text)


async def _recent(visit: Visit, **filters: str) -> list[dict[str, Any]]:
    found = await visit.find(MESSAGES, query={"limit": str(RECENT), **filters})
    return [] if found is None else list(found["data"])


async def _endpoint_page(visit: Visit) -> Page:
    webhook_id, zone = visit.params["webhook_id"], visit.viewer.zone
    times = {name: utc_text(visit.query[name], zone) for name in ("from", "to") if visit.query.get(name)}
    query = {name: visit.query.get(name) for name in ("status", "topic", "cursor")} | times
    webhook, messages, found = await asyncio.gather(
        visit.get(ONE, path=visit.params),
        _recent(visit, webhook_id=webhook_id),
        visit.get(MESSAGES, query={**query, "webhook_id": webhook_id, "limit": PAGE_SIZE}),
    )
    return await _titled(
        visit,
        "webhooks/show.html",
        webhook,
        messages,
        rows=found["data"],
        next_cursor=found["next_cursor"],
        statuses=STATUSES,
        topics=sorted({one["topic"] for one in messages}),
    )


async def _titled(visit: Visit, template: str, webhook: dict[str, Any], messages: list[dict[str, Any]], **values: Any) -> Page:
    """A page of an endpoint and its errors; `messages` are its newest."""
    recent = recent_of(messages).get(webhook["id"], Recent())
    attempt = await _last_attempt(visit, recent) if webhook["failing_since"] or not webhook["enabled"] else None
    return Page(
        template,
        title=webhook["name"] or webhook["url"],
        webhook=webhook,
        recent=recent,
        sample=len(messages),
        ailment=ailment(webhook, attempt),
        **values,
    )


async def _last_attempt(visit: Visit, recent: Recent) -> dict[str, Any] | None:
    """The last attempt of the newest message that was not delivered; None if the person must not read it."""
    if recent.last_failed is None:
        return None
    path = {"message_id": recent.last_failed["id"]}
    found = await visit.find(MESSAGES + "/{message_id}/attempts", path=path, query={"limit": "1"})
    return found["data"][0] if found and found["data"] else None


def _secret_page(created: dict[str, Any], title: str) -> Page:
    return Page("webhooks/secret.html", title=title, webhook=created["webhook"], secret=created["secret"])
