"""Search by names: maps rows to models."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.core.search.models import Found, HitKind
from penstock.kit.ids import OrgId

_LAST = chr(sys.maxunicode)
_NO_IDS = (1, 0)
_STATEMENTS = {
    HitKind.DASHBOARD: "search_dashboards",
    HitKind.ALERT: "search_alerts",
    HitKind.RULE: "search_rules",
    HitKind.CONNECTION: "search_connections",
    HitKind.CUSTOMER: "search_customers",
    HitKind.PROFILE: "search_profiles",
    HitKind.WEBHOOK: "search_webhooks",
    HitKind.PERSON: "search_people",
}


class SqliteSearch:
    """Implements `SearchStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self, kind: HitKind, text: str, between: tuple[int, int] | None, limit: int) -> Sequence[Found]:
        pattern = like(text) or ""
        lowest, highest = between or _NO_IDS
        params = {"pattern": pattern, "prefix": pattern[1:], "word": f"% {pattern[1:]}", "lowest": lowest, "highest": highest}
        return await self._found(_STATEMENTS[kind], params, limit)

    async def devices_by_id(self, between: tuple[int, int], limit: int) -> Sequence[Found]:
        return await self._found("search_devices_by_id", {"lowest": between[0], "highest": between[1]}, limit)

    async def devices_by_name(self, text: str, limit: int) -> Sequence[Found]:
        return await self._found("search_devices_by_name", {"first": text, "last": text + _LAST}, limit)

    async def devices_by_identifier(self, text: str, limit: int) -> Sequence[Found]:
        return await self._found("search_devices_by_identifier", {"first": text, "last": text + _LAST}, limit)

    async def devices_by_label(self, key: str, value: str, limit: int) -> Sequence[Found]:
        params = {"key": key, "first": value, "last": value + _LAST}
        return await self._found("search_devices_by_label", params, limit)

    async def devices_containing(self, text: str, limit: int) -> Sequence[Found]:
        return await self._found("search_devices_containing", {"pattern": like(text)}, limit)

    async def _found(self, statement: str, params: dict[str, Any], limit: int) -> list[Found]:
        rows = await self._session.all(statement, params | {"org_id": self._org_id, "limit": limit})
        return [Found(id=row["id"], name=row["name"], detail=row["detail"]) for row in rows]
