"""`client.audit`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import Request
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Audit(Resource):
    """Who changed what, and from where; hash-chained, so that tampering is detected."""

    def export(
        self,
        *,
        format: Literal["csv", "json", "ndjson"] | None = None,
        action: str | None = None,
        actor: str | None = None,
        target: str | None = None,
        outcome: Literal["failure", "success"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> Download:
        """Export the audit log.

        Oldest first, streamed, as NDJSON, JSON or CSV. `penstock audit verify` checks the file offline.

        Filters and format of an export, oldest first.

        Requires the scope `audit:read`.

        `format`: The format of the file. `action`: A dotted name such as `apikey.create`, or a prefix followed by `*`.
        `actor`: The actor: an e-mail, a key's name, or an id. `target`: The target: `type:name`, or an id. `outcome`:
        Only actions with this outcome. `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End,
        excluded: RFC 3339, or epoch seconds or milliseconds. By default now.
        """
        request = Request(
            "GET",
            "/api/v2/logs/export",
            query={
                "format": format,
                "action": action,
                "actor": actor,
                "target": target,
                "outcome": outcome,
                "from": from_,
                "to": to,
            },
            timeout_s=request_timeout,
        )
        return self._file(request)

    def head(self, *, request_timeout: float | None = None) -> schemas.AuditHead:
        """Get the head of the audit log's chain.

        Store it in another place: an export that ends with this hash is complete.

        Requires the scope `audit:read`.
        """
        request = Request("GET", "/api/v2/logs/head", timeout_s=request_timeout)
        answer: schemas.AuditHead = self._call(request)
        return answer

    def list(
        self,
        *,
        action: str | None = None,
        actor: str | None = None,
        target: str | None = None,
        outcome: Literal["failure", "success"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.AuditRow]:
        """List the audit log.

        Newest first. Entries never change; each is chained to the previous one by its hash.

        Filters for audit entries. `action` can end in `*`; `actor` is an e-mail, a key's name or an id.

        `target` is `kind:name`.

        Requires the scope `audit:read`.

        `action`: A dotted name such as `apikey.create`, or a prefix followed by `*`. `actor`: The actor: an e-mail, a
        key's name, or an id. `target`: The target: `type:name`, or an id. `outcome`: Only actions with this outcome.
        `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch
        seconds or milliseconds. By default now. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            "/api/v2/logs",
            query={
                "action": action,
                "actor": actor,
                "target": target,
                "outcome": outcome,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def verify(self, *, cursor: str | None = None, request_timeout: float | None = None) -> schemas.Verification:
        """Verify the audit log.

        Recomputes the hashes of the stored entries, up to 10,000 in one call, and compares the last with the head. It
        is the server that tells it here: to verify without trusting it, export the log and use `penstock audit verify`.

        Where to continue: the `next_cursor` of the previous call.

        Requires the scope `audit:read`.

        `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/logs/verify", query={"cursor": cursor}, timeout_s=request_timeout)
        answer: schemas.Verification = self._call(request)
        return answer


class AsyncAudit(AsyncResource):
    """As `Audit`, for an event loop."""

    async def export(
        self,
        *,
        format: Literal["csv", "json", "ndjson"] | None = None,
        action: str | None = None,
        actor: str | None = None,
        target: str | None = None,
        outcome: Literal["failure", "success"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        request_timeout: float | None = None,
    ) -> AsyncDownload:
        """Export the audit log.

        As `Audit.export`.
        """
        request = Request(
            "GET",
            "/api/v2/logs/export",
            query={
                "format": format,
                "action": action,
                "actor": actor,
                "target": target,
                "outcome": outcome,
                "from": from_,
                "to": to,
            },
            timeout_s=request_timeout,
        )
        return await self._file(request)

    async def head(self, *, request_timeout: float | None = None) -> schemas.AuditHead:
        """Get the head of the audit log's chain.

        As `Audit.head`.
        """
        request = Request("GET", "/api/v2/logs/head", timeout_s=request_timeout)
        answer: schemas.AuditHead = await self._call(request)
        return answer

    def list(
        self,
        *,
        action: str | None = None,
        actor: str | None = None,
        target: str | None = None,
        outcome: Literal["failure", "success"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.AuditRow]:
        """List the audit log.

        As `Audit.list`.
        """
        request = Request(
            "GET",
            "/api/v2/logs",
            query={
                "action": action,
                "actor": actor,
                "target": target,
                "outcome": outcome,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def verify(self, *, cursor: str | None = None, request_timeout: float | None = None) -> schemas.Verification:
        """Verify the audit log.

        As `Audit.verify`.
        """
        request = Request("GET", "/api/v2/logs/verify", query={"cursor": cursor}, timeout_s=request_timeout)
        answer: schemas.Verification = await self._call(request)
        return answer
