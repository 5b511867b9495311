"""The pages of single messages to webhooks, with the attempts to deliver them."""

from __future__ import annotations

import asyncio

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.pages import Page, Pages, Redirect
from penstock.api.console.shared.visit import Visit
from penstock.api.console.webhooks.pages import HOME, MESSAGES, ONE
from penstock.api.console.webhooks.view import outcome, payload_of

MESSAGE = MESSAGES + "/{message_id}"


class WebhookMessagePages:
    """A message: its payload, its attempts, and what comes next."""

    pages = Pages("/webhooks/messages", nav="webhooks")

    @pages.get("/{message_id}")
    async def show(self, visit: Visit) -> Page:
        """Show a message."""
        message, attempts = await asyncio.gather(
            visit.get(MESSAGE, path=visit.params),
            visit.get(MESSAGE + "/attempts", path=visit.params, query={"limit": "50", "cursor": visit.query.get("cursor")}),
        )
        webhook = await visit.find(ONE, path={"webhook_id": message["webhook_id"]})
        return Page(
            "webhooks/message.html",
            title=message["topic"],
            message=message,
            payload=payload_of(message),
            attempts=[one | {"outcome": outcome(one)} for one in attempts["data"]],
            next_cursor=attempts["next_cursor"],
            webhook=webhook,
        )

    @pages.post("/{message_id}/replay")
    async def replay(self, visit: Visit) -> Redirect:
        """Send a message again."""
        home = f"{HOME}/messages/{visit.params['message_id']}"
        try:
            await visit.do("POST", MESSAGE + "/replay", path=visit.params)
        except ApiFailed as error:
            return visit.refused(home, error)
        return visit.done(home, "The message is due again")
