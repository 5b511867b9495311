"""The catalogue of event types that webhooks can receive, each with its newest real message as an example."""

from __future__ import annotations

import asyncio

from penstock.api.console.shared.pages import Page, Pages
from penstock.api.console.shared.visit import Visit
from penstock.api.console.webhooks.pages import LIST, MESSAGES
from penstock.api.console.webhooks.view import by_group, covers, payload_of
from penstock.kit.http import RouteNotFound

SHOWN = 100
"""Receivers that the page of an event type lists."""


class WebhookTopicPages:
    """Event types: their meaning, the scope to read them, and who receives them."""

    pages = Pages("/webhooks/topics", nav="webhooks")

    @pages.get()
    async def show_list(self, visit: Visit) -> Page:
        """Show the catalogue."""
        topics, webhooks = await asyncio.gather(visit.get("/api/v2/webhook-topics"), visit.get(LIST, query={"limit": "1000"}))
        text = visit.query.get("q", "").strip().lower()
        found = [one for one in topics["data"] if text in f"{one['name']} {one['description']}".lower()]
        subscribed = {
            one["name"]: sum(any(covers(pattern, one["name"]) for pattern in hook["topics"]) for hook in webhooks["data"])
            for one in found
        }
        at_least = webhooks["next_cursor"] is not None
        groups = by_group(found)
        return Page("webhooks/topics.html", title="Event types", groups=groups, subscribed=subscribed, at_least=at_least)

    @pages.get("/{topic}")
    async def show(self, visit: Visit) -> Page:
        """Show an event type with an example."""
        topics, webhooks, messages = await asyncio.gather(
            visit.get("/api/v2/webhook-topics"),
            visit.get(LIST, query={"limit": "1000"}),
            visit.find(MESSAGES, query={"topic": visit.params["topic"], "limit": "1"}),
        )
        topic = next((one for one in topics["data"] if one["name"] == visit.params["topic"]), None)
        if topic is None:
            raise RouteNotFound()
        newest = messages["data"][0] if messages and messages["data"] else None
        message = newest and await visit.find(MESSAGES + "/{message_id}", path={"message_id": newest["id"]})
        receivers = [one for one in webhooks["data"] if any(covers(pattern, topic["name"]) for pattern in one["topics"])]
        return Page(
            "webhooks/topic.html",
            title=topic["name"],
            topic=topic,
            message=message,
            payload=payload_of(message) if message else None,
            webhooks=receivers[:SHOWN],
            more=len(receivers) - SHOWN,
        )
