"""All endpoints in memory, indexed for matching events. One process serves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from penstock.core.database import SystemDatabase
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.webhooks.filters import Interest
from penstock.core.webhooks.models import Endpoint, Event, Health
from penstock.core.webhooks.store import HasSystemWebhooks
from penstock.kit.ids import OrgId, WebhookId


class Entry:
    """An endpoint with its subscription and health. `health` is newer here than in the endpoint."""

    def __init__(self, endpoint: Endpoint, health: Health, errors: EvaluationErrors) -> None:
        self.endpoint = endpoint
        self.health = health
        self.interest = Interest(endpoint, errors)


class EndpointRegistry:
    """Endpoints by id and organisation. Loaded on first use, and updated by each use case that changes one."""

    def __init__(self, database: SystemDatabase[HasSystemWebhooks], errors: EvaluationErrors) -> None:
        self._database = database
        self._errors = errors
        self._by_id: dict[WebhookId, Entry] = {}
        self._of_org: dict[OrgId, dict[WebhookId, Entry]] = defaultdict(dict)
        self._loaded = False
        self._changed: set[WebhookId] = set()
        """Endpoints that use cases changed before the first load ended."""

    async def load(self) -> None:
        """Read all endpoints, once."""
        if self._loaded:
            return
        async with self._database.system_snapshot() as tx:
            found = await tx.webhooks.list()
        # Another caller may have loaded them during the read. What a use case changed meanwhile is newer than what was read.
        if not self._loaded:
            self._loaded = True
            for endpoint in found:
                if endpoint.id not in self._changed:
                    self.put(endpoint)
            self._changed.clear()

    def put(self, endpoint: Endpoint) -> None:
        """Add or replace an endpoint. Its health is kept, unless it was disabled until now."""
        self._mark_changed(endpoint.id)
        before = self._by_id.get(endpoint.id)
        kept = before is not None and before.endpoint.enabled
        entry = Entry(endpoint, before.health if before is not None and kept else endpoint.health, self._errors)
        self._by_id[endpoint.id] = self._of_org[endpoint.org_id][endpoint.id] = entry

    def drop(self, endpoint: Endpoint) -> None:
        """Remove an endpoint."""
        self._mark_changed(endpoint.id)
        self._by_id.pop(endpoint.id, None)
        self._of_org[endpoint.org_id].pop(endpoint.id, None)

    def _mark_changed(self, endpoint_id: WebhookId) -> None:
        if not self._loaded:
            self._changed.add(endpoint_id)

    def get(self, endpoint_id: WebhookId) -> Entry | None:
        """The endpoint with this id."""
        return self._by_id.get(endpoint_id)

    def all(self) -> Sequence[Entry]:
        """All endpoints."""
        return list(self._by_id.values())

    @property
    def failed_evaluations(self) -> int:
        """How many evaluations of expressions failed since the start."""
        return self._errors.total

    def matching(self, event: Event) -> Iterable[Entry]:
        """Enabled endpoints whose topics match an event; the filters of some can be decided only with the device."""
        for entry in list(self._of_org.get(event.org_id, {}).values()):  # a copy, because it may change while the caller waits
            if entry.endpoint.enabled and entry.interest.could_accept(event):
                yield entry

    def organizations_subscribed_to(self, topic: str) -> dict[OrgId, int]:
        """Organisations with enabled endpoints for a topic, and the earliest `since_us` of these."""
        found: dict[OrgId, int] = {}
        for entry in self._by_id.values():
            endpoint = entry.endpoint
            if endpoint.enabled and entry.interest.selects(topic):
                found[endpoint.org_id] = min(found.get(endpoint.org_id, endpoint.since_us), endpoint.since_us)
        return found

    def organizations_subscribed_to_readings(self) -> frozenset[OrgId]:
        """Organisations with enabled endpoints for readings."""
        return frozenset(
            one.endpoint.org_id for one in self._by_id.values() if one.endpoint.enabled and one.interest.selects_readings
        )
