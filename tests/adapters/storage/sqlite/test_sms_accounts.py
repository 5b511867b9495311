"""SMS accounts in the database: what one organisation keeps, another does not see."""

from __future__ import annotations

from penstock.core.inboxes.account_models import AccountKind, LogSettings, SmppSettings, SmsAccount
from penstock.core.inboxes.long_texts import PartPlace, StoredPart
from penstock.core.inboxes.models import AccountRef
from penstock.core.vault.models import Sealed
from penstock.kit.ids import MAX_ID, OrgId, SmsAccountId
from tests.support.shelf import Shelf


def account(number: int, org_id: OrgId, *, smpp: bool = False, name: str = "x") -> SmsAccount:
    return SmsAccount(
        id=SmsAccountId(number),
        org_id=org_id,
        name=name,
        kind=AccountKind.SMPP if smpp else AccountKind.LOG,
        settings=SmppSettings(host="smsc.example.org", system_id="me") if smpp else LogSettings(),
        secret_paths={"password": "centre"} if smpp else {},
        created_us=1,
        updated_us=2,
    )


async def test_accounts_belong_to_their_organisation(shelf: Shelf) -> None:
    mine, foreign = account(1, shelf.acme, smpp=True), account(2, shelf.other)
    async with shelf.own() as tx:
        await tx.sms_accounts.create(mine)
    async with shelf.strange() as tx:
        await tx.sms_accounts.create(foreign)
        await tx.sms_accounts.update(account(1, shelf.other, name="theirs"))
        await tx.sms_accounts.delete(mine.id)
        assert await tx.sms_accounts.find(mine.id) is None
    async with shelf.own() as tx:
        assert await tx.sms_accounts.find(mine.id) == mine
        assert (await tx.sms_accounts.list(10, MAX_ID), await tx.sms_accounts.count()) == ([mine], 1)
        assert await tx.sms_accounts.list(10, 1) == []
    async with shelf.system() as system:
        assert await system.sms_accounts.connecting(SmsAccountId(0), 9) == [AccountRef(shelf.acme, mine.id)]
        assert await system.sms_accounts.connecting(mine.id, 9) == []
        assert await system.sms_accounts.find_owner(foreign.id) == AccountRef(shelf.other, foreign.id)
        assert await system.sms_accounts.find_owner(SmsAccountId(9)) is None
    async with shelf.own() as tx:
        changed = account(1, shelf.acme, smpp=True, name="y")
        await tx.sms_accounts.update(changed)
        assert await tx.sms_accounts.find(mine.id) == changed
        await tx.sms_accounts.delete(mine.id)
        assert await tx.sms_accounts.count() == 0


async def test_parts_go_with_their_account(shelf: Shelf) -> None:
    place = PartPlace(account_id=SmsAccountId(1), sender="a", recipient="b", header_bits=8, reference=9, total=2)

    def part(number: int, text_number: int = 5, at_us: int = 1) -> StoredPart:
        return StoredPart(text_number=text_number, place=number, sealed=Sealed(1, b"k", b"%d" % at_us), received_us=at_us)

    async with shelf.own() as tx:
        await tx.sms_accounts.create(account(1, shelf.acme))
        await tx.sms_parts.add(place, part(2))
        await tx.sms_parts.add(place, part(1))
        await tx.sms_parts.add(place, part(1, at_us=7))
        assert await tx.sms_parts.parts(place) == [part(1, at_us=7), part(2)]
    async with shelf.strange() as tx:
        assert await tx.sms_parts.parts(place) == []
        await tx.sms_parts.delete(SmsAccountId(1), 5)
        await tx.sms_parts.drop_old_parts(SmsAccountId(1), 100, 0)
    async with shelf.own() as tx:
        await tx.sms_parts.drop_old_parts(SmsAccountId(1), 7, 10)
        assert await tx.sms_parts.parts(place) == [part(1, at_us=7)]
        await tx.sms_parts.delete(SmsAccountId(1), 5)
        assert await tx.sms_parts.parts(place) == []
        await tx.sms_parts.add(place, part(1))
        await tx.sms_accounts.delete(SmsAccountId(1))
        assert await tx.sms_parts.parts(place) == []
