"""Webhook endpoints, messages and attempts: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.webhooks.models import (
    Attempt,
    Endpoint,
    Filters,
    Gathered,
    Health,
    Message,
    MessageFilter,
    MessageStatus,
    Options,
)
from penstock.kit.ids import MAX_ID, OrgId, ProjectId, WebhookId, WebhookMessageId, first_id_at
from penstock.kit.ordering import After

_Texts = tuple[str, ...]


class SqliteWebhookEndpoints:
    """Implements `EndpointStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, endpoint: Endpoint) -> None:
        await self._session.run("create_webhook_endpoint", _params(endpoint) | {"org_id": self._org_id})

    async def find(self, endpoint_id: WebhookId) -> Endpoint | None:
        row = await self._session.one("find_webhook_endpoint", {"org_id": self._org_id, "id": endpoint_id})
        return _endpoint(row) if row else None

    async def list(self, project_id: ProjectId | None, limit: int, after: After) -> Sequence[Endpoint]:
        own = {"org_id": self._org_id, "project_id": project_id}
        return [_endpoint(row) for row in await rows_from(self._session, "list_webhook_endpoints", after, limit, own)]

    async def count(self, project_id: ProjectId | None, form: str) -> tuple[int, int]:
        params = {"org_id": self._org_id, "project_id": project_id, "format": form}
        row = await self._session.one("count_webhook_endpoints", params)
        assert row is not None
        return row["total"], row["alike"]

    async def update(self, endpoint: Endpoint) -> None:
        await self._session.run("update_webhook_endpoint", _params(endpoint) | {"org_id": self._org_id})

    async def set_health(self, endpoint_id: WebhookId, health: Health) -> None:
        params = msgspec.structs.asdict(health) | {"org_id": self._org_id, "id": endpoint_id}
        await self._session.run("set_webhook_health", params)

    async def delete(self, endpoint_id: WebhookId) -> None:
        await self._session.run("delete_webhook_endpoint", {"org_id": self._org_id, "id": endpoint_id})


class SqliteSystemWebhookEndpoints:
    """Implements `SystemEndpointStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list(self) -> Sequence[Endpoint]:
        return [_endpoint(row) for row in await self._session.all("list_webhook_endpoints_of_all", {})]


class SqliteWebhookMessages:
    """Implements `MessageStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, messages: Sequence[Message]) -> None:
        await self._session.run_many("add_webhook_message", [self._with_org(one) for one in messages])

    async def end_pending(self, endpoint_id: WebhookId, now_us: int) -> None:
        params = {"org_id": self._org_id, "endpoint_id": endpoint_id, "now_us": now_us}
        await self._session.run("end_webhook_messages", params)

    async def gather(self, readings: Sequence[Gathered]) -> None:
        await self._session.run_many("gather_webhook_reading", [self._with_org(one) for one in readings])

    async def gathered(self, endpoint_id: WebhookId, limit: int) -> Sequence[tuple[int, Gathered]]:
        params = {"org_id": self._org_id, "endpoint_id": endpoint_id, "limit": limit}
        rows = await self._session.all("list_gathered_webhook_readings", params)
        return [(row["place"], Gathered(**{name: row[name] for name in Gathered.__struct_fields__})) for row in rows]

    async def drop_gathered(self, endpoint_id: WebhookId, up_to: int) -> None:
        params = {"org_id": self._org_id, "endpoint_id": endpoint_id, "up_to_id": up_to}
        await self._session.run("drop_gathered_webhook_readings", params)

    async def due(self, endpoint_id: WebhookId, now_us: int, limit: int, *, in_order: bool) -> Sequence[Message]:
        params = {"org_id": self._org_id, "endpoint_id": endpoint_id, "now_us": now_us, "limit": limit}
        name = "due_webhook_messages_in_order" if in_order else "due_webhook_messages"
        return [_message(row) for row in await self._session.all(name, params)]

    async def next_due(self, endpoint_id: WebhookId) -> int | None:
        row = await self._session.one("next_due_webhook_message", {"org_id": self._org_id, "endpoint_id": endpoint_id})
        return row["due_us"] if row else None

    async def settle(self, settled: Sequence[tuple[Message, Attempt]]) -> None:
        await self._session.run_many("settle_webhook_message", [self._with_org(message) for message, _ in settled])
        await self._session.run_many("add_webhook_attempt", [self._with_org(attempt) for _, attempt in settled])

    async def find(self, message_id: WebhookMessageId) -> Message | None:
        row = await self._session.one("find_webhook_message", {"org_id": self._org_id, "id": message_id})
        return _message(row) if row else None

    async def list(self, filters: MessageFilter, limit: int, before_id: int) -> Sequence[Message]:
        params = self._filter(filters) | {"limit": limit}
        params["before_id"] = min(params["before_id"], before_id)
        return [_message(row) for row in await self._session.all("list_webhook_messages", params)]

    async def topics(self, filters: MessageFilter) -> Sequence[str]:
        return [row["topic"] for row in await self._session.all("list_webhook_message_topics", self._filter(filters))]

    async def attempts(self, message_id: WebhookMessageId, limit: int, before_id: int) -> Sequence[Attempt]:
        params = {"org_id": self._org_id, "message_id": message_id, "limit": limit, "before_id": before_id}
        return [Attempt(**dict(row)) for row in await self._session.all("list_webhook_attempts", params)]

    async def replay(self, message_id: WebhookMessageId, now_us: int) -> bool:
        params = {"org_id": self._org_id, "id": message_id, "due_us": now_us}
        return await self._session.run("replay_webhook_message", params) == 1

    async def replay_all(self, endpoint_id: WebhookId, filters: MessageFilter, now_us: int) -> int:
        params = self._filter(filters) | {"endpoint_id": endpoint_id, "due_us": now_us}
        return await self._session.run("replay_webhook_messages", params)

    async def count_delivered(self, hour_us: int, project_id: ProjectId, count: int) -> None:
        params = {"org_id": self._org_id, "hour_us": hour_us, "project_id": project_id, "webhooks": count}
        await self._session.run("add_webhook_hours", params)
        await self._session.run("add_webhook_days", params)

    async def drop_bodies(self, before_us: int, now_us: int, limit: int) -> int:
        params = {"org_id": self._org_id, "before_id": first_id_at(before_us), "now_us": now_us, "limit": limit}
        return await self._session.run("drop_webhook_bodies", params)

    async def drop_before(self, before_us: int, limit: int) -> int:
        params = {"org_id": self._org_id, "before_id": first_id_at(before_us), "limit": limit}
        return await self._session.run("drop_webhook_messages", params)

    def _with_org(self, row: msgspec.Struct) -> dict[str, Any]:
        return msgspec.structs.asdict(row) | {"org_id": self._org_id}

    def _filter(self, filters: MessageFilter) -> dict[str, Any]:
        whole = filters.topic is None or not filters.topic.endswith(".*")
        return {
            "org_id": self._org_id,
            "endpoint_id": filters.endpoint_id,
            "topic": filters.topic if whole else None,
            "topic_prefix": None if whole else (filters.topic or "")[:-1],
            "status": filters.status,
            "from_id": 0 if filters.from_us is None else first_id_at(filters.from_us),
            "before_id": MAX_ID if filters.to_us is None else first_id_at(filters.to_us),
        }


def _params(endpoint: Endpoint) -> dict[str, Any]:
    params = msgspec.structs.asdict(endpoint)
    for name in ("topics", "filters", "options", "header_names"):
        params[name] = msgspec.json.encode(params[name]).decode()
    params["secret_paths"] = msgspec.json.encode(endpoint.secret_paths, order="sorted").decode()
    del params["health"]
    return params


def _endpoint(row: sqlite3.Row) -> Endpoint:
    found = dict(row)
    del found["sealed"]
    health = Health(**{name: found.pop(name) for name in Health.__struct_fields__})
    return Endpoint(
        **found
        | {
            "topics": msgspec.json.decode(found["topics"], type=_Texts),
            "filters": msgspec.json.decode(found["filters"], type=Filters),
            "options": msgspec.json.decode(found["options"], type=Options),
            "header_names": msgspec.json.decode(found["header_names"], type=_Texts),
            "secret_paths": msgspec.json.decode(found["secret_paths"], type=dict[str, str]),
            "enabled": bool(found["enabled"]),
        },
        health=health,
    )


def _message(row: sqlite3.Row) -> Message:
    return Message(**dict(row) | {"status": MessageStatus(row["status"])})
