"""Tariffs: maps rows to models. The versions of a tariff are one document, as they are checked together."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.tariffs.models import Assignment, Prices, Tariff
from penstock.kit.ids import CustomerId, OrgId, ResidentId, TariffId
from penstock.kit.ordering import After

_VERSIONS = msgspec.json.Decoder(tuple[Prices, ...])


class SqliteTariffs:
    """Implements `TariffStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, tariff: Tariff) -> None:
        await self._session.run("create_tariff", self._params(tariff))

    async def find(self, tariff_id: TariffId) -> Tariff | None:
        row = await self._session.one("find_tariff", {"org_id": self._org_id, "id": tariff_id})
        return _tariff(row) if row else None

    async def list(self, limit: int, after: After) -> list[Tariff]:
        own = {"org_id": self._org_id}
        return [_tariff(row) for row in await rows_from(self._session, "list_tariffs", after, limit, own)]

    async def update(self, tariff: Tariff) -> None:
        await self._session.run("update_tariff", self._params(tariff))

    async def delete(self, tariff_id: TariffId) -> None:
        await self._session.run("delete_tariff", {"org_id": self._org_id, "id": tariff_id})

    async def is_assigned(self, tariff_id: TariffId) -> bool:
        params = {"org_id": self._org_id, "tariff_id": tariff_id}
        return await self._session.one("find_assignment_of_tariff", params) is not None

    async def assignments(self, customer_id: CustomerId, resident_id: ResidentId | None) -> Sequence[Assignment]:
        params = {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id}
        return [_assignment(row) for row in await self._session.all("list_tariff_assignments", params)]

    async def assign(self, customer_id: CustomerId, resident_id: ResidentId | None, assignments: Sequence[Assignment]) -> None:
        account = {"org_id": self._org_id, "customer_id": customer_id, "resident_id": resident_id}
        await self._session.run("delete_tariff_assignments", account)
        rows = [
            account | {"tariff_id": one.tariff_id, "begin_day": _text(one.begin), "end_day": _text(one.end)}
            for one in assignments
        ]
        await self._session.run_many("add_tariff_assignment", rows)

    def _params(self, tariff: Tariff) -> dict[str, object]:
        columns = msgspec.structs.asdict(tariff)
        return columns | {"org_id": self._org_id, "versions": msgspec.json.encode(tariff.versions)}


def _tariff(row: sqlite3.Row) -> Tariff:
    return Tariff(**(dict(row) | {"versions": _VERSIONS.decode(row["versions"])}))


def _assignment(row: sqlite3.Row) -> Assignment:
    return Assignment(
        customer_id=row["customer_id"],
        resident_id=row["resident_id"],
        tariff_id=row["tariff_id"],
        begin=_day(row["begin_day"]),
        end=_day(row["end_day"]),
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
