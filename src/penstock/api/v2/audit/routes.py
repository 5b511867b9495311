"""The audit log over the native API."""

from __future__ import annotations

import msgspec

from penstock.api.shared.audit_rows import writer
from penstock.api.shared.call import Call, Stream
from penstock.api.shared.routes import Routes
from penstock.api.v2.audit import wire
from penstock.api.v2.audit.examples import ROW
from penstock.api.v2.audit.translate import from_core_head, to_core_filter
from penstock.api.v2.wire import ListOf
from penstock.core.audit.chain import document
from penstock.core.audit.service import AuditService
from penstock.kit.operation import Example


class AuditEndpoints:
    """List and export the audit log."""

    routes = Routes("/api/v2/logs", surface="v2", tag="Audit")
    # A public path outside the API, so that anyone can store the head without a key.
    routes_system = Routes("/.well-known/audit-head", surface="system", tag="System")

    def __init__(self, audit: AuditService) -> None:
        self._audit = audit

    @routes.get(
        scope="audit:read",
        example=Example(query={"action": "apikey.*"}, answer={"data": [ROW], "next_cursor": None}),
    )
    async def list_entries(self, call: Call[wire.AuditQuery, None]) -> ListOf[wire.AuditRow]:
        """List the audit log.

        Newest first. Entries never change; each is chained to the previous one by its hash.
        """
        page = await self._audit.list(call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor)
        # `document` is the form that is hashed, so a list shows exactly what the chain covers.
        return ListOf([msgspec.convert(document(entry), wire.AuditRow) for entry in page.items], page.next_cursor)

    @routes.get(
        "/export",
        scope="audit:read",
        media_type="application/x-ndjson",
        other_media_types=("application/json", "text/csv"),
        example=Example(query={"format": "ndjson"}, answer=msgspec.json.encode(ROW).decode() + "\n"),
    )
    async def export(self, call: Call[wire.AuditExportQuery, None]) -> Stream:
        """Export the audit log.

        Oldest first, streamed, as NDJSON, JSON or CSV. `penstock audit verify` checks the file offline.
        """
        pages = self._audit.export(call.actor, to_core_filter(call.query))
        return Stream(write=writer(pages, call.query.format))

    @routes.get(
        "/head",
        scope="audit:read",
        example=Example(answer={"seq": 12, "hash": ROW["hash"], "ts": ROW["ts"]}),
    )
    async def head(self, call: Call[None, None]) -> wire.AuditHead:
        """Get the head of the audit log's chain.

        Store it in another place: an export that ends with this hash is complete.
        """
        return from_core_head(await self._audit.head(call.actor))

    @routes.get(
        "/verify",
        scope="audit:read",
        example=Example(answer={"intact": True, "rows": 12, "seq": 12, "hash": ROW["hash"], "fault": None, "next_cursor": None}),
    )
    async def verify(self, call: Call[wire.VerificationQuery, None]) -> wire.Verification:
        """Verify the audit log.

        Recomputes the hashes of the stored entries, up to 10,000 in one call, and compares the last with the head. It is the
        server that tells it here: to verify without trusting it, export the log and use `penstock audit verify`.
        """
        found = await self._audit.verify(call.actor, call.query.cursor)
        return wire.Verification(
            intact=found.fault is None,
            rows=found.rows,
            seq=found.seq,
            hash=found.hash,
            fault=found.fault,
            next_cursor=found.next_cursor,
        )

    @routes_system.get(
        scope=None,
        example=Example(answer={"seq": 4711, "hash": ROW["hash"], "ts": ROW["ts"]}),
    )
    async def common_head(self, call: Call[None, None]) -> wire.AuditHead:
        """Get the head over every organisation's audit log.

        Anyone can store it: no entry that it covers can change unnoticed. The guide describes what is hashed.
        """
        return from_core_head(await self._audit.common_head())
