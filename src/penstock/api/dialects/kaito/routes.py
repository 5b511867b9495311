"""Kaito's endpoints: decode, call, encode."""

from __future__ import annotations

from penstock.api.dialects.kaito import wire
from penstock.api.dialects.kaito.moments import moment_of
from penstock.api.shared.audit_rows import filter_of, writer
from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.routes import Routes
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.audit.service import AuditService
from penstock.kit.clock import Clock, format_time
from penstock.kit.operation import Example

_ROW = {
    "user": "lena@example.org",
    "ts": "2026-05-02T09:15:04Z",
    "ip": "198.51.100.24",
    "action": "apikey.create",
    "target": "key:Reports",
}


class KaitoEndpoints:
    """The audit log in Kaito's format."""

    routes = Routes("/v1/audit", surface="kaito", tag="Kaito")

    def __init__(self, audit: AuditService, clock: Clock) -> None:
        self._audit = audit
        self._clock = clock

    @routes.get(
        scope="audit:read",
        other_media_types=("application/x-ndjson", "text/csv"),
        example=Example(query={"action": "apikey.create", "since": "7d"}, answer=[_ROW]),
    )
    async def audit(self, call: Call[wire.AuditQuery, None]) -> Answer[list[wire.AuditRow]] | Stream:
        """Query the audit log (Kaito).

        A bare array, newest first; the cursor of the next page is in `X-Next-Cursor`. With `format` csv or ndjson all matching
        entries are exported, oldest first, with the hashes that chain them.
        """
        query = call.query
        requested = self._filter(query)
        if query.format != "json":
            return Stream(write=writer(self._audit.export(call.actor, requested), query.format))
        page = await self._audit.list(call.actor, requested, query.limit, query.cursor)
        headers = [(b"x-next-cursor", page.next_cursor.encode())] if page.next_cursor else []
        return Answer(body=[_row(entry) for entry in page.items], headers=headers)

    def _filter(self, query: wire.AuditQuery) -> AuditFilter:
        return filter_of(
            action=query.action,
            actor=query.user,
            target=query.target,
            since=moment_of(query.since, "since", self._clock.now_us()),
            until=moment_of(query.until, "until", self._clock.now_us()),
        )


def _row(entry: AuditEntry) -> wire.AuditRow:
    target = f"{entry.target.kind}:{entry.target.name or entry.target.id}" if entry.target.kind else ""
    return wire.AuditRow(entry.actor_name, format_time(entry.time_us), entry.address, entry.action, target)
