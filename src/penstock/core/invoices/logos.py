"""Use cases on the logo of an organisation's documents."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.document_errors import LogoInvalid, LogoNotFound
from penstock.core.invoices.document_store import LogoTransaction
from penstock.core.invoices.documents import Logo, LogoReader
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, encode

MAX_BYTES = 262_144


class LogoService:
    """The logo. Documents that are made from now on have it; stored ones do not exist."""

    def __init__(
        self, *, database: OrganizationDatabase[LogoTransaction], reader: LogoReader, trail: AuditTrail, clock: Clock
    ) -> None:
        self._database = database
        self._reader = reader
        self._trail = trail
        self._clock = clock

    async def get(self, actor: Actor) -> Logo:
        """Return the logo.

        Raises:
            LogoNotFound: there is none.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.logo.find()
        if found is None:
            raise LogoNotFound()
        return found

    async def set(self, actor: Actor, content: bytes) -> Logo:
        """Replace the logo by an image.

        Raises:
            LogoInvalid: it is not a PNG or JPEG, or too large.
        """
        if len(content) > MAX_BYTES:
            raise LogoInvalid(reason=f"the image must have at most {MAX_BYTES:,} bytes")
        logo = await self._reader.read(content)
        async with self._database.transaction(actor.org_id) as tx:
            await tx.logo.set(logo, self._clock.now_us())
            await self._trail.record(tx, actor, "org.logo.set", _target(actor), media_type=logo.media_type)
        return logo

    async def delete(self, actor: Actor) -> None:
        """Remove the logo.

        Raises:
            LogoNotFound: there is none.
        """
        async with self._database.transaction(actor.org_id) as tx:
            if not await tx.logo.delete():
                raise LogoNotFound()
            await self._trail.record(tx, actor, "org.logo.delete", _target(actor))


def _target(actor: Actor) -> Target:
    return Target("organization", encode(Prefix.ORGANIZATION, actor.org_id), "")
