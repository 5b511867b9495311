"""Use cases on tariffs and their assignments, in CRUD order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.tariffs.accounts import get_account
from penstock.core.tariffs.checks import check_assignments, check_currency, check_prices
from penstock.core.tariffs.errors import LastVersion, TariffInUse, TariffNotFound, TariffVersionNotFound, VersionExists
from penstock.core.tariffs.models import MAX_VERSIONS, Assignment, Prices, Tariff
from penstock.core.tariffs.store import HasTariffs, TariffTransaction
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, IdSource, Prefix, ResidentId, TariffId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

_ORDERING: Ordering[Tariff] = by_name("created_at")


class TariffService:
    """Tariffs of an organisation. A change never affects an invoice that was issued."""

    def __init__(
        self, *, database: OrganizationDatabase[TariffTransaction], trail: AuditTrail, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, name: str, currency: str, prices: Prices) -> Tariff:
        """Add a tariff with its first version.

        Raises:
            InvalidInput: the currency or a price is invalid.
        """
        check_currency(currency)
        check_prices(prices)
        now_us = self._clock.now_us()
        tariff = Tariff(
            id=self._ids.next(TariffId), name=name, currency=currency, versions=(prices,), created_us=now_us, updated_us=now_us
        )
        async with self._database.transaction(actor.org_id) as tx:
            await tx.tariffs.create(tariff)
            after = {"currency": currency, "version": msgspec.to_builtins(prices)}
            await self._trail.record(tx, actor, "tariff.create", _target(tariff), after=after)
        return tariff

    async def get(self, actor: Actor, tariff_id: TariffId) -> Tariff:
        """One tariff.

        Raises:
            TariffNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_tariff(tx, tariff_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Tariff]:
        """Tariffs, oldest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.tariffs.list(limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def rename(self, actor: Actor, tariff_id: TariffId, name: str) -> Tariff:
        """Change the name of a tariff.

        Raises:
            TariffNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_tariff(tx, tariff_id)
            after = msgspec.structs.replace(before, name=name, updated_us=self._clock.now_us())
            await tx.tariffs.update(after)
            await self._trail.record(
                tx, actor, "tariff.update", _target(after), before={"name": before.name}, after={"name": name}
            )
        return after

    async def delete(self, actor: Actor, tariff_id: TariffId) -> None:
        """Delete a tariff. Invoices made with it are unchanged.

        Raises:
            TariffNotFound, TariffInUse.
        """
        async with self._database.transaction(actor.org_id) as tx:
            tariff = await get_tariff(tx, tariff_id)
            if await tx.tariffs.is_assigned(tariff_id):
                raise TariffInUse(tariff_id=encode(Prefix.TARIFF, tariff_id))
            await tx.tariffs.delete(tariff_id)
            before = {"currency": tariff.currency, "versions": msgspec.to_builtins(tariff.versions)}
            await self._trail.record(tx, actor, "tariff.delete", _target(tariff), before=before)

    async def add_version(self, actor: Actor, tariff_id: TariffId, prices: Prices) -> Tariff:
        """Change the prices from a day on.

        Raises:
            TariffNotFound, VersionExists.
            InvalidInput: a price is invalid, the version overlaps the next one, or there are too many.
        """
        check_prices(prices)
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_tariff(tx, tariff_id)
            versions = _with(before.versions, prices)
            after = msgspec.structs.replace(before, versions=versions, updated_us=self._clock.now_us())
            await tx.tariffs.update(after)
            added = msgspec.to_builtins(prices)
            await self._trail.record(tx, actor, "tariff.version.create", _target(after), after=added)
        return after

    async def delete_version(self, actor: Actor, tariff_id: TariffId, begin: date) -> Tariff:
        """Delete a version; the one before it holds on its days then.

        Raises:
            TariffNotFound, TariffVersionNotFound, LastVersion.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_tariff(tx, tariff_id)
            kept = tuple(one for one in before.versions if one.begin != begin)
            if len(kept) == len(before.versions):
                raise TariffVersionNotFound(begin=begin.isoformat())
            if not kept:
                raise LastVersion(begin=begin.isoformat())
            after = msgspec.structs.replace(before, versions=kept, updated_us=self._clock.now_us())
            await tx.tariffs.update(after)
            gone = msgspec.to_builtins(next(one for one in before.versions if one.begin == begin))
            await self._trail.record(tx, actor, "tariff.version.delete", _target(after), before=gone)
        return after

    async def assignments(
        self, actor: Actor, customer_id: CustomerId, resident_id: ResidentId | None
    ) -> Sequence[tuple[Assignment, Tariff]]:
        """The tariffs of a customer, or those of one resident, by their first days.

        Raises:
            CustomerNotFound, ResidentNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_account(tx, customer_id, resident_id)
            found = await tx.tariffs.assignments(customer_id, resident_id)
            return [(one, await get_tariff(tx, one.tariff_id)) for one in found]

    async def assign(
        self,
        actor: Actor,
        customer_id: CustomerId,
        resident_id: ResidentId | None,
        assignments: Sequence[Assignment],
    ) -> Sequence[tuple[Assignment, Tariff]]:
        """Replace the tariffs of a customer, or those of one resident.

        Raises:
            CustomerNotFound, ResidentNotFound, TariffNotFound.
            InvalidInput: the assignments overlap.
        """
        check_assignments(assignments)
        async with self._database.transaction(actor.org_id) as tx:
            account = await get_account(tx, customer_id, resident_id)
            assigned = [(one, await get_tariff(tx, one.tariff_id)) for one in assignments]
            before = await tx.tariffs.assignments(customer_id, resident_id)
            await tx.tariffs.assign(customer_id, resident_id, assignments)
            was, now = [_shown(one) for one in before], [_shown(one) for one in assignments]
            await self._trail.record(tx, actor, "tariff.assign", account.target, before={"tariffs": was}, after={"tariffs": now})
        return assigned


async def get_tariff(tx: HasTariffs, tariff_id: TariffId) -> Tariff:
    """A tariff, in a running transaction.

    Raises:
        TariffNotFound.
    """
    tariff = await tx.tariffs.find(tariff_id)
    if tariff is None:
        raise TariffNotFound(tariff_id=encode(Prefix.TARIFF, tariff_id))
    return tariff


def _with(versions: Sequence[Prices], added: Prices) -> tuple[Prices, ...]:
    if any(one.begin == added.begin for one in versions):
        raise VersionExists(begin=added.begin.isoformat())
    if len(versions) >= MAX_VERSIONS:
        raise InvalidInput.field("from", f"must not begin another version: a tariff can have at most {MAX_VERSIONS}")
    following = min((one.begin for one in versions if one.begin > added.begin), default=None)
    if added.end is not None and following is not None and added.end > following:
        raise InvalidInput.field("to", f"must not be after {following}, when the next version begins")
    return tuple(sorted((*versions, added), key=lambda one: one.begin))


def _shown(one: Assignment) -> dict[str, str | None]:
    return {
        "tariff_id": encode(Prefix.TARIFF, one.tariff_id),
        "from": None if one.begin is None else one.begin.isoformat(),
        "to": None if one.end is None else one.end.isoformat(),
    }


def _target(tariff: Tariff) -> Target:
    return Target("tariff", encode(Prefix.TARIFF, tariff.id), tariff.name)
