"""The first set-up: two attempts at the same time make one organisation."""

from __future__ import annotations

import asyncio
from pathlib import Path

from penstock.adapters.passwords import Argon2Passwords
from penstock.bootstrap import DataDir, open_control
from penstock.core.actor import Actor
from penstock.core.people.errors import LinkInvalid
from penstock.core.people.one_time_links import OneTimeLinks
from penstock.core.signup.errors import AlreadySetUp
from penstock.core.signup.setup import SetupRequest, SetupService
from penstock.kit.clock import SystemClock
from penstock.kit.ids import OrgId
from penstock.settings import load_settings


async def test_of_two_attempts_one_wins(tmp_path: Path) -> None:
    settings = load_settings(environment={})
    async with open_control(DataDir(tmp_path / "data"), settings) as control:
        setup = SetupService(
            database=control.database,
            tenancy=control.tenancy,
            links=OneTimeLinks(),
            passwords=Argon2Passwords(),
            clock=SystemClock(),
            config=settings.people,
        )
        token = await setup.issue()
        assert token is not None
        asked = [
            SetupRequest(token=token, organization=name, email=f"{name}@example.org", password="correct horse battery")
            for name in ("north", "south")
        ]
        results = await asyncio.gather(*(setup.set_up(Actor.system(OrgId(0)), one) for one in asked), return_exceptions=True)
        (refused,) = [one for one in results if isinstance(one, BaseException)]
        assert isinstance(refused, AlreadySetUp | LinkInvalid)
        assert len(await control.tenancy.list_organizations()) == 1
        assert token not in repr(asked[0])
        assert await setup.issue() is None
