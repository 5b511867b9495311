"""What waits to be written survives an error of the database, and is written by the next step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.core.audit.models import AuditFilter
from penstock.core.people.models import User
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock
from tests.support.patching import replace_in_thread

EMAIL = "grace@example.org"


@asynccontextmanager
async def full(_: SqliteDatabase) -> AsyncIterator[None]:
    raise StorageUnavailable(reason="the disk is full")
    yield


async def fails(step: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        replace_in_thread(patched, SqliteDatabase, "system", full)
        with pytest.raises(StorageUnavailable):
            await step()


async def owner(site: Site) -> User:
    async with site.server.database.system_snapshot() as system:
        member = (await system.for_organization(site.actor.org_id).members.list(10, 0))[0]
        user = await system.users.find_by_email(member.email)
    assert user is not None
    return user


async def audited(site: Site, action: str) -> int:
    async with site.server.database.snapshot(site.actor.org_id) as tx:
        return len(await tx.audit.newest(AuditFilter(action=action), 100))


async def test_sign_in_attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        attempts = site.server.people.attempts
        user = await owner(site)
        attempts.note(site.actor.org_id, user, "192.0.2.1", "auth.signin.failure", "wrong password")
        await fails(attempts.write, monkeypatch)
        attempts.note(site.actor.org_id, user, "192.0.2.2", "auth.signin.failure", "wrong password")
        await attempts.write()
        assert await audited(site, "auth.signin.failure") == 2


async def test_uses_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        worker = site.server.workers.supervisor.workers["key_usage"].__self__  # type: ignore[attr-defined]  # a bound method
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            key = (await tx.keys.list(10, None))[0]
        site.server.authenticator.used[key.id] = (site.actor.org_id, site.server.clock.now_us(), "192.0.2.1")
        await fails(worker.step, monkeypatch)
        await worker.step()
        assert await audited(site, "apikey.use") == 1


async def test_requested_mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        passwords = site.server.people.passwords
        user = await owner(site)
        passwords._forgotten[user.email] = "192.0.2.1"
        await fails(passwords.mail_forgotten, monkeypatch)
        await passwords.mail_forgotten()
        assert await audited(site, "auth.password.forgot") == 1
        assert passwords._forgotten == {}
