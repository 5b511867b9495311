"""Kaito's endpoints: decode, call, encode."""

from __future__ import annotations

from penstock.api.dialects.kaito import wire
from penstock.api.shared.audit_rows import filter_of, time_of, writer
from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.routes import Routes
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.audit.service import AuditService
from penstock.kit.clock import DAY_US, HOUR_US, Clock, format_time
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
            since=self._moment(query.since, "since"),
            until=self._moment(query.until, "until"),
        )

    def _moment(self, text: str | None, field: str) -> int | None:
        """Parse a length before now, such as `7d` or `12h`, or a time."""
        unit = {"d": DAY_US, "h": HOUR_US}.get(text[-1:]) if text else None
        if text and unit and text[:-1].isascii() and text[:-1].isdigit() and len(text) <= 6:
            return max(self._clock.now_us() - int(text[:-1]) * unit, 0)
        return time_of(text, field)


def _row(entry: AuditEntry) -> wire.AuditRow:
    target = f"{entry.target.kind}:{entry.target.name or entry.target.id}" if entry.target.kind else ""
    return wire.AuditRow(entry.actor_name, format_time(entry.time_us), entry.address, entry.action, target)
