"""Residents who sign in: their devices, and the end of their access."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.models import PlacedDevice
from penstock.core.customers.store import CustomerTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.people.models import Member
from penstock.kit.ids import CustomerId, Prefix, ResidentId, UserId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class ResidenceService:
    """The devices of a resident who is the caller."""

    def __init__(self, database: OrganizationDatabase[CustomerTransaction]) -> None:
        self._database = database

    async def devices(self, actor: Actor, limit: int, cursor: str | None) -> Page[PlacedDevice]:
        """The devices assigned to the caller, by id. Only residents have any."""
        after = decode_cursor(cursor, tuple[int])
        # None for other users, and 0 for a resident without a record: neither has devices.
        if not actor.resident_id:
            return Page(items=[])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.placements.of_resident(actor.resident_id, limit + 1, after[0] if after else 0)
        return page_of(found, limit, lambda last: (last.device.id,))


async def end_access(
    tx: CustomerTransaction, trail: AuditTrail, actor: Actor, resident_id: ResidentId, now_us: int
) -> list[UserId]:
    """End the membership and the sessions of the users who sign in as a resident. Returns the users.

    The caller must drop these users from its caches after the commit.
    """
    people = await tx.members.of_resident(resident_id)
    return await _end(tx, trail, actor, people, {"resident": encode(Prefix.RESIDENT, resident_id)}, now_us)


async def end_management(
    tx: CustomerTransaction, trail: AuditTrail, actor: Actor, customer_id: CustomerId, now_us: int
) -> list[UserId]:
    """The same for the managers of a customer."""
    people = await tx.members.of_customer(customer_id)
    return await _end(tx, trail, actor, people, {"customer": encode(Prefix.CUSTOMER, customer_id)}, now_us)


async def _end(
    tx: CustomerTransaction, trail: AuditTrail, actor: Actor, people: Sequence[Member], of: dict[str, str], now_us: int
) -> list[UserId]:
    for member in people:
        ended = await tx.sessions.revoke_of(member.user_id, now_us)
        await tx.members.end_resets(member.user_id)
        await tx.members.delete(member.user_id)
        target = Target("user", encode(Prefix.USER, member.user_id), member.email)
        before = {"role": member.role.value} | of
        await trail.record(tx, actor, "org.user.remove", target, before=before, sessions_ended=len(ended))
    return [member.user_id for member in people]
