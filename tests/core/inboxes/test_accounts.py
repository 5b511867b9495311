"""Use cases on SMS accounts; over HTTP they are in `tests/api/v2/sms_accounts`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.vault import build_vault
from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.inboxes.account_errors import SmsAccountCredentialsMissing
from penstock.core.inboxes.account_models import AccountCheck, AccountKind, AccountPatch, NewAccount, OpenAccount, SmppSettings
from penstock.core.inboxes.accounts import KnownAccounts, SmsAccountService, owner_of
from penstock.core.inboxes.errors import SmsAccountNotFound
from penstock.core.outbound.targets import TargetPolicy
from penstock.core.vault.fields import SecretFields
from penstock.core.vault.models import NewSecret
from penstock.kit.ids import IdSource, SmsAccountId
from penstock.settings import load_settings
from tests.core.vault.a_server import a_server
from tests.support.days import HeldClock
from tests.support.outbound import outbound_config
from tests.support.shelf import Shelf

SMPP = SmppSettings(host="smsc.example.org", system_id="me", password="pw-1")
NEW = NewAccount(name="Centre", kind=AccountKind.SMPP, settings=SMPP)


class Prober:
    """Accepts everything."""

    async def probe(self, opened: OpenAccount) -> AccountCheck:
        return AccountCheck(ok=opened.settings == SMPP, detail="")


async def test_an_account_is_opened_with_its_secrets_until_they_are_gone(shelf: Shelf, tmp_path: Path) -> None:
    clock = HeldClock()
    ids = IdSource(clock.now_us)
    vault = build_vault(DataDir(tmp_path / "vault"), load_settings(environment={}).vault, shelf.database, ids, clock)
    policy = TargetPolicy(outbound_config(()))
    service = SmsAccountService(
        database=shelf.database,
        secrets=SecretFields(vault, shelf.database),
        policy=policy,
        trail=AuditTrail(clock),
        ids=ids,
        clock=clock,
    )
    changed: list[SmsAccountId] = []
    service.subscribe(changed.append)
    actor = Actor.system(shelf.acme)
    made = await service.create(actor, NEW)
    assert made.settings == msgspec.structs.replace(SMPP, password=None)
    assert (await service.open(made.ref)).settings == SMPP
    assert (await service.check(actor, made.id, Prober())).ok
    await service.update(actor, made.id, AccountPatch(settings={"window": 3, "password": "pw-2"}))
    opened = (await service.open(made.ref)).settings
    assert opened == msgspec.structs.replace(SMPP, window=3, password="pw-2")
    async with shelf.own() as tx:
        await KnownAccounts().check(tx, made.id)
        await vault.drop(tx, owner_of(made.id))
    vault.forget(shelf.acme, owner_of(made.id))
    with pytest.raises(SmsAccountCredentialsMissing):
        await service.open(made.ref)
    await service.delete(actor, made.id)
    for look in (service.open(made.ref), service.get(actor, made.id)):
        with pytest.raises(SmsAccountNotFound):
            await look
    async with shelf.own() as tx:
        with pytest.raises(SmsAccountNotFound):
            await KnownAccounts().check(tx, made.id)
    assert changed == [made.id] * 3


async def test_a_new_version_of_a_secret_is_used_at_once_unless_it_does_not_fit(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        secrets, service = server.parts.secrets, server.parts.sms.accounts.service
        changed: list[SmsAccountId] = []
        service.subscribe(changed.append)
        named = (await secrets.create(actor, NewSecret(name="centre", value="pw-1"))).secret
        referring = msgspec.structs.replace(SMPP, password="secret://centre")
        made = await service.create(actor, msgspec.structs.replace(NEW, settings=referring))
        assert (made.settings, made.secret_paths) == (msgspec.structs.replace(SMPP, password=None), {"password": "centre"})
        assert (await service.open(made.ref)).settings == SMPP
        await secrets.add_version(actor, named.id, "pw-2")
        assert changed == [made.id] * 2, "its link looks at it again"
        assert (await service.open(made.ref)).settings == msgspec.structs.replace(SMPP, password="pw-2")
        await secrets.add_version(actor, named.id, "longer than eight")
        with pytest.raises(SmsAccountCredentialsMissing):
            await service.open(made.ref)
        await service.update(actor, made.id, AccountPatch(settings={"password": "pw-3"}))
        await secrets.delete(actor, named.id)
