"""Chat channels, quiet hours, windows and held mails as rows: names that are taken, what is due, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.notifications.errors import ChannelExists
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import RANKS, Channel, ChannelKind, Held, MailWindow, Quiet, Severity
from penstock.kit.ids import ChannelId
from tests.support.shelf import Shelf

ADA = "ada@example.org"


def channel(shelf: Shelf, number: int, name: str) -> Channel:
    return Channel(
        id=ChannelId(number),
        org_id=shelf.acme,
        name=name,
        kind=ChannelKind.SLACK,
        secret_paths={"url": "mine"},
        hint="•••x",
        created_us=1,
        updated_us=1,
    )


def held(subject: str, **about: Any) -> Held:
    known = {"address": ADA, "severity": Severity.WARNING, "text": "", "count": 1, "first_us": 1, "last_us": 1, "due_us": 100}
    return Held(**known | {"subject": subject} | about)  # type: ignore[arg-type]


async def test_a_name_is_there_once_in_an_organisation(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number, name in ((1, "ops"), (2, "night")):
            await tx.channels.create(channel(shelf, number, name))
        with pytest.raises(ChannelExists):
            await tx.channels.create(channel(shelf, 3, "ops"))
        assert await tx.channels.find_by_name("ops") == channel(shelf, 1, "ops")
        assert [one.id for one in await tx.channels.list(1, 9)] == [2]
        assert [one.id for one in await tx.channels.list(5, 2)] == [1]
    async with shelf.strange() as tx:
        assert await tx.channels.find_by_name("ops") is None
        assert await tx.channels.find(ChannelId(1)) is None
        assert (await tx.channels.list(5, 9), await tx.channels.count()) == ([], 0)
        await tx.channels.delete(ChannelId(1))
    async with shelf.own() as tx:
        assert await tx.channels.count() == 2, "a stranger deleted one"


async def test_mails_of_one_subject_and_severity_are_one_row(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.notices.defer(held("a", text="first", first_us=10, last_us=10, due_us=150))
        await tx.notices.defer(held("a", text="second", first_us=20, last_us=20, due_us=200))
        await tx.notices.defer(held("a", severity=Severity.CRITICAL, last_us=5))
        await tx.notices.defer(held("b", last_us=30))
        assert await tx.notices.count_subjects(ADA) == 3
        assert list(await tx.notices.due(ADA, 100, 10)) == [
            held("a", severity=Severity.CRITICAL, last_us=5),
            held("b", last_us=30),
        ]
        assert list(await tx.notices.due(ADA, 200, 10))[2] == held(
            "a", text="second", count=2, first_us=10, last_us=20, due_us=150
        )
        assert (await tx.notices.count_due(ADA, 99), await tx.notices.count_due(ADA, 150)) == (0, 4)
        assert len(await tx.notices.due(ADA, 200, 1)) == 1
    async with shelf.strange() as tx:
        assert await tx.notices.due(ADA, 200, 10) == []
        assert await tx.notices.count_due(ADA, 200) == await tx.notices.count_subjects(ADA) == 0


async def test_only_what_is_due_and_less_severe_is_postponed(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for severity in Severity:
            await tx.notices.defer(held(severity, severity=severity))
        await tx.notices.defer(held("later", severity=Severity.INFO, due_us=101))
        await tx.notices.postpone(ADA, 100, RANKS[Severity.CRITICAL], 500)
        assert [one.subject for one in await tx.notices.due(ADA, 100, 10)] == ["critical"]
        assert [one.subject for one in await tx.notices.due(ADA, 101, 10)] == ["critical", "later"]
        await tx.notices.remove_due(ADA, 101)
        assert [one.subject for one in await tx.notices.due(ADA, 500, 10)] == ["warning", "info"]


async def test_addresses_come_longest_due_first_and_old_windows_go(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.notices.defer(held("x", due_us=50))
        await tx.notices.set_window(ADA, MailWindow(10, 1))
        await tx.notices.set_window(ADA, MailWindow(20, 2))
    async with shelf.strange() as tx:
        await tx.notices.defer(held("x", due_us=40))
        assert await tx.notices.window(ADA) is None
    async with shelf.system() as tx:
        assert list(await tx.notices.due_addresses(50, 10, chats=False)) == [(shelf.other, ADA), (shelf.acme, ADA)]
        assert list(await tx.notices.due_addresses(49, 10, chats=False)) == [(shelf.other, ADA)]
        await tx.notices.drop_windows(20)
    async with shelf.own() as tx:
        assert await tx.notices.window(ADA) == MailWindow(20, 2)
    async with shelf.system() as tx:
        await tx.notices.drop_windows(21)
    async with shelf.own() as tx:
        assert await tx.notices.window(ADA) is None


async def test_quiet_hours_are_a_persons_in_every_organisation(shelf: Shelf) -> None:
    async with shelf.system() as tx:
        owner = await tx.users.find_by_email("acme@example.org")
        assert owner is not None
        night = Quiet(hours=ActiveHours(time_zone="Europe/Brussels", days=(6, 7), from_minute=1320, to_minute=360))
        for quiet in (Quiet(hours=ActiveHours(time_zone="UTC"), breaks_through=None), night):
            await tx.quiet_hours.set(owner.id, quiet, 1)
            assert await tx.quiet_hours.find(owner.id) == quiet
    async with shelf.strange() as tx:
        assert await tx.notices.find_quiet_hours("ACME@example.org") == night
        assert await tx.notices.find_quiet_hours("other@example.org") is None
    async with shelf.system() as tx:
        assert [await tx.quiet_hours.delete(owner.id) for _ in range(2)] == [True, False]


async def test_messages_for_chats_are_listed_apart_from_mails(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.notices.defer(held("x", due_us=50))
        await tx.notices.defer(held("x", due_us=40, address="chat:7"))
    async with shelf.system() as tx:
        assert list(await tx.notices.due_addresses(50, 10, chats=False)) == [(shelf.acme, ADA)]
        assert list(await tx.notices.due_addresses(50, 10, chats=True)) == [(shelf.acme, "chat:7")]


async def test_what_was_added_to_after_it_was_read_is_not_removed_as_sent(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.notices.defer(held("sent", last_us=30, due_us=50))
        await tx.notices.defer(held("added to", last_us=61, due_us=50))
        await tx.notices.defer(held("later", last_us=30, due_us=61))
    async with shelf.strange() as tx:
        await tx.notices.remove_sent(ADA, 60)
    async with shelf.own() as tx:
        assert len(await tx.notices.due(ADA, 100, 10)) == 3, "another organisation removes nothing"
        await tx.notices.remove_sent(ADA, 60)
        assert sorted(one.subject for one in await tx.notices.due(ADA, 100, 10)) == ["added to", "later"]
