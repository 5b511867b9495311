"""Attempts to sign in: in the audit log of the organisation, though nobody waits for it, and no more than memory holds."""

from __future__ import annotations

import pytest

from penstock.core.audit.models import AuditFilter, Outcome
from penstock.core.people import attempts
from tests.core.people.house import House


async def outcomes(house: House) -> list[tuple[str, Outcome, object]]:
    async with house.control.database.snapshot(house.acme) as tx:
        rows = await tx.audit.oldest(AuditFilter(action="auth.signin.*"), 100, 0)
    return [(row.address, row.outcome, row.details.get("reason")) for row in rows]


async def test_attempts_are_written_once_with_their_reason(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_WAITING", 2)
    async with house.control.database.system_snapshot() as tx:
        user = await tx.users.find_by_email(house.owner_email)
    assert user is not None
    log = house.people.attempts
    log.note(house.acme, user, "192.0.2.1", "auth.signin.failure", "password")
    log.note(house.acme, user, "192.0.2.2", "auth.signin.challenge")
    log.note(house.acme, user, "192.0.2.3", "auth.signin.failure", "password")
    assert await outcomes(house) == []
    for _ in range(2):
        await log.write()
        assert await outcomes(house) == [
            ("192.0.2.1", Outcome.FAILURE, "password"),
            ("192.0.2.2", Outcome.SUCCESS, None),
        ]
    log.note(house.acme, user, "192.0.2.4", "auth.signin.failure", "password")
    await log.write()
    assert len(await outcomes(house)) == 3, "there is room again"


async def test_attempts_that_cannot_be_written_wait_for_the_next_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house.control.database.system_snapshot() as tx:
        user = await tx.users.find_by_email(house.owner_email)
    assert user is not None
    log = house.people.attempts
    log.note(house.acme, user, "192.0.2.1", "auth.signin.failure", "password")

    async def full(*_: object, **__: object) -> None:
        log.note(house.acme, user, "192.0.2.2", "auth.signin.failure", "password")  # meanwhile
        raise OSError

    with monkeypatch.context() as disk:
        disk.setattr(house.people.attempts._trail, "record", full)
        with pytest.raises(OSError):  # noqa: PT011  (an error of the disk, whatever its text)
            await log.write()
    await log.write()
    assert [address for address, *_ in await outcomes(house)] == ["192.0.2.1", "192.0.2.2"]
