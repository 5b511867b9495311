"""Pages of messages: the list, one message, and the form of an SMS to send."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.api.console.inbox.tabs import HERE, TABS, addresses_of, label_of
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.moments import utc_text
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit

MESSAGES, MESSAGE = "/api/v2/inbox/messages", "/api/v2/inbox/messages/{inbox_message_id}"
FILTERS = ("address", "channel", "direction", "status", "from", "unread", "cursor")
MOMENTS = ("since", "until")
SENT = ("from", "to", "body")
PAGE_SIZE = "50"


class InboxMessagePages:
    """Messages. The list follows the stream, so that a code appears as soon as it has arrived."""

    pages = Pages("/inbox", nav="inbox")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the list. Who was shown received messages is in the audit log."""
        query = {name: visit.query.get(name) for name in FILTERS}
        query |= {name: utc_text(visit.query[name], visit.viewer.zone) for name in MOMENTS if visit.query.get(name)}
        found, addresses = await asyncio.gather(
            visit.get(MESSAGES, query=query | {"limit": PAGE_SIZE}), addresses_of(visit, released="true")
        )
        return Page(
            "inbox/messages.html",
            title="Inboxes",
            tabs=TABS,
            messages=found["data"],
            next_cursor=found["next_cursor"],
            filtered=any(query.values()),
            addresses=[(one["id"], label_of(one)) for one in addresses],
        )

    @pages.get("/messages/{inbox_message_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a message."""
        message = await visit.get(MESSAGE, path=visit.params)
        return Page("inbox/message.html", title=_title(message), message=message)

    @pages.post("/messages/{inbox_message_id}/read")
    async def mark_read(self, visit: Visit) -> Page:
        """Mark a message as read, as a part of its page."""
        message = await visit.do("POST", f"{MESSAGE}/read", path=visit.params)
        return Page("inbox/read.html", read_at=message["read_at"])

    @pages.get("/send")
    async def show_form(self, visit: Visit) -> Page:
        """Show the form of an SMS; an answer to one has its numbers."""
        return await _form_page(visit, Form.showing({name: visit.query.get(name, "") for name in ("from", "to")}))

    @pages.post("/send")
    async def send(self, visit: Visit) -> Page | Redirect:
        """Send an SMS, and show its page."""
        form = visit.form
        body = {"from": form.value("from"), "to": form.value("to").strip().replace(" ", ""), "body": _lines(form.value("body"))}
        answer = await visit.send("POST", MESSAGES, body=body)
        if not answer.ok:
            return await _form_page(visit, form.failed(answer.value), answer.status)
        return visit.done(f"{HERE}/messages/{answer.value['id']}", "The SMS is queued")


async def _form_page(visit: Visit, form: Form, status: int = 200) -> Page:
    numbers = [(one["value"], label_of(one)) for one in await addresses_of(visit, channel="sms")]
    return Page("inbox/send.html", title="New SMS", status=status, form=form, numbers=numbers)


def _title(message: dict[str, Any]) -> str:
    if message["direction"] == "outbound":
        return f"SMS to {message['to']}"
    return str(message["subject"] or f"Message from {message['from']}")


def _lines(text: str) -> str:
    """A text with the line ends that were typed: a browser sends two characters for each, which count in an SMS."""
    return text.replace("\r\n", "\n")
