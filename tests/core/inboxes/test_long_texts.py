"""Parts of long texts: stored encrypted before they are confirmed, and put together in any order."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.vault import build_vault
from penstock.core.inboxes import long_texts
from penstock.core.inboxes.account_models import AccountKind, LogSettings, SmsAccount
from penstock.core.inboxes.gsm import decode_ucs2
from penstock.core.inboxes.long_texts import KEPT_US, LongTexts
from penstock.core.inboxes.models import AccountRef
from penstock.core.inboxes.parts import PartHeader
from penstock.kit.ids import IdSource, SmsAccountId
from penstock.settings import load_settings
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

OURS, THEIRS = "+447700900001", "+447700900123"
WORDS = ("Your code is ", "481902, 👍 ", "and no other")


class Site:
    """The parts that an account of Acme receives."""

    def __init__(self, shelf: Shelf, folder: Path) -> None:
        self.shelf, self.folder, self.clock = shelf, folder, HeldClock()
        self.account = AccountRef(shelf.acme, SmsAccountId(7))
        self.open()

    def open(self) -> None:
        """As after a start of the server."""
        ids = IdSource(self.clock.now_us)
        vault = build_vault(
            DataDir(self.folder / "vault"), load_settings(environment={}).vault, self.shelf.database, ids, self.clock
        )
        self.texts = LongTexts(self.shelf.database, vault, ids, self.clock)  # type: ignore[arg-type]  # time stands still

    async def take(self, place: int, sender: str = THEIRS, reference: int = 9, total: int = 3) -> str | None:
        header = PartHeader(reference, total, place)
        found = await self.texts.take(self.account, sender, OURS, header, WORDS[place - 1])
        return None if found is None else found.text


@pytest.fixture
async def site(shelf: Shelf, tmp_path: Path) -> Site:
    account = SmsAccount(
        id=SmsAccountId(7), org_id=shelf.acme, name="x", kind=AccountKind.LOG, settings=LogSettings(), created_us=1, updated_us=1
    )
    async with shelf.own() as tx:
        await tx.sms_accounts.create(account)
    return Site(shelf, tmp_path)


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
async def test_parts_come_in_any_order_repeated_and_over_a_restart(site: Site, order: tuple[int, ...]) -> None:
    first, second, third = order
    assert await site.take(first) is None
    site.open()
    assert await site.take(first) is None, "repeated"
    assert await site.take(second) is None
    assert await site.take(third) == "".join(WORDS)


async def test_parts_of_several_texts_do_not_mix(site: Site) -> None:
    for sender, reference, total in ((THEIRS, 9, 3), ("+447700900124", 9, 3), (THEIRS, 10, 3), (THEIRS, 9, 2)):
        assert await site.take(1, sender, reference, total) is None
    assert await site.take(2, total=2) == "".join(WORDS[:2])
    assert await site.take(2) is None
    assert await site.take(3) == "".join(WORDS)


async def test_a_repeated_last_part_is_the_same_text_until_it_is_finished(site: Site) -> None:
    header = PartHeader(9, 2, 2)
    await site.take(1, total=2)
    found = [await site.texts.take(site.account, THEIRS, OURS, header, "b") for _ in range(2)]
    assert found[0] is not None
    assert found[0] == found[1]
    await site.texts.finish(site.account, found[0])
    assert await site.texts.take(site.account, THEIRS, OURS, header, "b") is None


async def test_parts_are_forgotten_after_a_time_and_above_a_limit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await site.take(1, total=2)
    site.clock.us += KEPT_US + 1
    assert await site.take(2, total=2) is None, "the first part is gone"
    monkeypatch.setattr(long_texts, "MAX_PARTS_OF_ACCOUNT", 2)
    for reference in range(20, 25):
        site.clock.us += 1
        await site.take(1, reference=reference, total=2)
    assert await site.take(2, reference=20, total=2) is None
    site.clock.us += 1
    assert await site.take(2, reference=24, total=2) == "".join(WORDS[:2])


async def test_parts_are_encrypted_and_of_one_organisation(site: Site, shelf: Shelf) -> None:
    await site.take(2)
    files = [path.read_bytes() for path in site.folder.rglob("penstock.db*")]
    assert any(THEIRS.encode() in one for one in files)
    assert not any(b"481902" in one for one in files)
    place = long_texts.PartPlace(account_id=site.account.id, sender=THEIRS, recipient=OURS, header_bits=8, reference=9, total=3)
    async with shelf.own() as tx:
        assert len(await tx.sms_parts.parts(place)) == 1
    async with shelf.strange() as tx:
        assert await tx.sms_parts.parts(place) == []


async def test_an_emoji_can_be_divided_between_parts(site: Site) -> None:
    content = "Code 481902 👍🏽".encode("utf-16-be")
    pieces = [decode_ucs2(content[:26]), decode_ucs2(content[26:30]), decode_ucs2(content[30:])]
    found = None
    for place, piece in enumerate(pieces, 1):
        found = await site.texts.take(site.account, THEIRS, OURS, PartHeader(1, 3, place), piece)
    assert found is not None
    assert found.text == "Code 481902 👍🏽"
    half = await site.texts.take(site.account, THEIRS, OURS, PartHeader(2, 1, 1), "a\ud83d")
    assert half is not None
    assert half.text == "a\ufffd"
