"""The first set-up: the link that the server prints creates the first organisation, and makes its user the owner."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.database import SystemDatabase
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.people.config import PeopleConfig
from penstock.core.people.one_time_links import OneTimeLinks, Purpose
from penstock.core.people.policy import check_password
from penstock.core.people.ports import Passwords
from penstock.core.signup.errors import AlreadySetUp
from penstock.core.signup.service import site_of
from penstock.core.signup.store import SignupSystemTransaction
from penstock.core.tenancy.models import Bootstrapped
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import Clock
from penstock.kit.ids import UserId
from penstock.kit.secret import hides

_LIMIT = Limit("setup", LimitScope.ADDRESS, 30, Window.MINUTE, "attempts to set up the server")


@hides("token", "password")
class SetupRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the first owner chose, and the token of the link."""

    token: str
    organization: str
    email: str
    password: str


class SetupService:
    """Issues the link while there is no organisation, and accepts it once."""

    def __init__(
        self,
        *,
        database: SystemDatabase[SignupSystemTransaction],
        tenancy: TenancyService,
        links: OneTimeLinks,
        passwords: Passwords,
        clock: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._tenancy = tenancy
        self._links = links
        self._passwords = passwords
        self._limiter = Limiter(clock)
        self._min_password_length = config.min_password_length

    async def issue(self) -> str | None:
        """The token of a new link; None if an organisation exists."""
        if await self._tenancy.list_organizations():
            return None
        return self._links.issue(Purpose.SETUP)

    async def set_up(self, actor: Actor, request: SetupRequest) -> tuple[Bootstrapped, UserId]:
        """Create the first organisation with its owner, default project and a key with all scopes.

        Raises:
            AlreadySetUp: there is an organisation.
            LinkInvalid: the token is unknown or used.
            InvalidInput: the password is too weak; the token stays valid.
            LimitExceeded: too many attempts from the address.
        """
        verdict = self._limiter.consume([(_LIMIT, site_of(actor.address))])
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)
        if await self._tenancy.list_organizations():
            self._links.end(Purpose.SETUP)
            raise AlreadySetUp()
        self._links.check(Purpose.SETUP, request.token)
        check_password(request.password, request.email, self._min_password_length)
        password_hash = await self._passwords.hash(request.password)
        async with self._database.system() as tx:
            if await tx.organizations.list():  # again: the command line, or another attempt, was faster
                raise AlreadySetUp()
            self._links.take(Purpose.SETUP, request.token)
            made = await self._tenancy.set_up(tx, actor, request.organization, request.email, password_hash)
        self._links.end(Purpose.SETUP)
        return made
