"""Sign-up by visitors: creates an organisation with its first key, and invites its owner."""

from __future__ import annotations

import ipaddress

from penstock.core.actor import Actor
from penstock.core.database import SystemDatabase
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.people.invitations import InvitationService
from penstock.core.signup.config import SignupConfig
from penstock.core.signup.store import SignupSystemTransaction
from penstock.core.tenancy.models import Bootstrapped
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import DAY_US, Clock

_IPV6_SITE_BITS = 64


class SignupService:
    """Limits sign-ups, creates the organisations and mails their owners.

    An organisation has no member until someone has confirmed the e-mail with the mailed token, so no one becomes a member
    because of a stranger. Neither the response nor its duration depends on whether the e-mail has an account: no one looks.
    """

    def __init__(
        self,
        *,
        database: SystemDatabase[SignupSystemTransaction],
        tenancy: TenancyService,
        invitations: InvitationService,
        clock: Clock,
        config: SignupConfig,
    ) -> None:
        self._database = database
        self._tenancy = tenancy
        self._invitations = invitations
        self._clock = clock
        self._plan = config.plan
        self._trial_us = config.trial_days * DAY_US
        self._limiter = Limiter(clock)
        self._limit = Limit("signup", LimitScope.ADDRESS, config.per_address_per_day, Window.DAY, "sign-ups")
        # A mailbox must not be filled from many addresses.
        self._mail_limit = Limit(
            "signup_mail", LimitScope.ADDRESS, config.per_address_per_day, Window.DAY, "sign-ups with one e-mail"
        )

    async def sign_up(self, actor: Actor, name: str, email: str) -> Bootstrapped:
        """Create an organisation with a key with all scopes, and mail its owner a token that confirms the e-mail.

        Raises:
            LimitExceeded: the visitor's address, or the e-mail, has reached its limit for today.
            OrganizationExists: an organisation with this name exists.
        """
        applied = [(self._limit, site_of(actor.address)), (self._mail_limit, email.casefold())]
        verdict = self._limiter.consume(applied)
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)
        until_us = self._clock.now_us() + self._trial_us if self._trial_us else None
        async with self._database.system() as tx:
            made = await self._tenancy.sign_up(tx, actor, name, email, self._plan, until_us)
            org_id = made.organization.id
            await self._invitations.invite_owner(tx.for_organization(org_id), org_id, email)
        return made


def site_of(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or the network of an IPv6 site, because one machine has endless addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _IPV6_SITE_BITS), strict=False))
