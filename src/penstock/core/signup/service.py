"""Sign-up by visitors: creates an organisation with its owner and first key."""

from __future__ import annotations

import ipaddress

from penstock.core.actor import Actor
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.signup.config import SignupConfig
from penstock.core.tenancy.models import Bootstrapped
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import DAY_US, Clock

_IPV6_SITE_BITS = 64


class SignupService:
    """Limits sign-ups per address and creates the organisations.

    Neither the response nor its duration depends on whether the e-mail has an account.
    """

    def __init__(self, *, tenancy: TenancyService, clock: Clock, config: SignupConfig) -> None:
        self._tenancy = tenancy
        self._clock = clock
        self._plan = config.plan
        self._trial_us = config.trial_days * DAY_US
        self._limiter = Limiter(clock)
        self._limit = Limit("signup", LimitScope.ADDRESS, config.per_address_per_day, Window.DAY)

    async def sign_up(self, actor: Actor, name: str, email: str) -> Bootstrapped:
        """Create an organisation, its owner and a key with all scopes.

        Raises:
            LimitExceeded: the visitor's address has reached its limit for today.
            OrganizationExists: an organisation with this name exists.
        """
        verdict = self._limiter.consume([(self._limit, site_of(actor.address))])
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)
        until_us = self._clock.now_us() + self._trial_us if self._trial_us else None
        return await self._tenancy.sign_up(actor, name, email, self._plan, until_us)


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
