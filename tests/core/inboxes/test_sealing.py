"""Contents are encrypted for their message alone, and cannot be read once the organisation's key is destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from penstock.core.inboxes.models import StoredMessage
from penstock.core.inboxes.sealing import opened
from penstock.core.vault.errors import MasterKeyUnreachable, SecretDamaged
from penstock.core.vault.keyring import Box
from penstock.kit.errors import Unavailable
from penstock.kit.ids import InboxMessageId, OrgId
from tests.support.inboxes import InboxSite, open_inboxes
from tests.support.receivers import receiving
from tests.support.webhooks import HookSite


async def stored(site: InboxSite, message_id: InboxMessageId | None) -> StoredMessage:
    assert message_id is not None
    async with site.server.database.snapshot(site.actor.org_id) as tx:
        found = await tx.inbox_messages.find(message_id)
    assert found is not None
    return found


async def test_a_content_opens_only_with_its_message(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        one, other = [await stored(site, await site.receive(f"text {name}", name)) for name in "ab"]
        swapped = StoredMessage(one.message, other.sealed)
        with pytest.raises(SecretDamaged):
            await opened(site.server.vault, site.actor.org_id, [swapped])
        damaged = msgspec.structs.replace(one.sealed, content=one.sealed.content[:-1] + b"\0")
        with pytest.raises(SecretDamaged):
            await opened(site.server.vault, site.actor.org_id, [StoredMessage(one.message, damaged)])


async def test_after_the_key_was_destroyed_messages_are_listed_without_content(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await site.receive("old", "a")
        await site.server.vault._keyring.shred(site.actor.org_id)
        await site.receive("new", "b")
        assert [one.content and one.content.body for one in await site.messages()] == ["new", None]


async def test_after_a_rotation_both_open(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await site.receive("old", "a")
        await site.server.vault._keyring.rotate(site.actor.org_id)
        await site.receive("new", "b")
        assert [one.content and one.content.body for one in await site.messages()] == ["new", "old"]


async def test_what_was_encrypted_before_a_destruction_is_not_stored_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_inboxes(tmp_path) as site, receiving() as receiver:
        hooks, vault = HookSite(site.server, site.actor.org_id), site.server.vault
        await site.add_number()
        await hooks.subscribe(receiver.url(), "sms.inbound")
        box = vault.box

        async def destroyed_just_then(org_id: OrgId, needs: int = 0) -> Box:
            found = await box(org_id, needs)
            await vault.keyring.shred(org_id)
            return found

        monkeypatch.setattr(vault, "box", destroyed_just_then)
        for store in (lambda: site.receive("new", "a"), lambda: site.send("new")):
            with pytest.raises(Unavailable, match="destroyed in the meantime; retry"):
                await store()
        monkeypatch.setattr(vault, "box", box)
        await site.receive("again", "a")
        assert [one.content and one.content.body for one in await site.messages()] == ["again"]
        monkeypatch.setattr(vault, "box", destroyed_just_then)
        monkeypatch.setattr("penstock.workers.outbox.RETRY_S", 0.0)
        await hooks.match()
        assert await hooks.messages() == []
        monkeypatch.setattr(vault, "box", box)
        await hooks.match()
        assert [(await hooks.hooks.messages.get(hooks.actor, one.id)).body is not None for one in await hooks.messages()] == [
            True
        ]


async def test_a_key_that_cannot_be_used_holds_up_no_other_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.workers.outbox.RETRY_S", 0.0)
    async with open_inboxes(tmp_path) as site, receiving() as receiver:
        hooks, keyring = HookSite(site.server, site.actor.org_id), site.server.vault.keyring
        await site.add_number()
        await hooks.subscribe(receiver.url(), "sms.inbound", "device.created")
        await site.receive("text", "a")
        await hooks.add_device()

        async def asleep(wrapped: bytes, master: str, bond: str) -> bytearray:
            raise MasterKeyUnreachable(reason="it does not answer")

        with monkeypatch.context() as patches:
            patches.setattr(keyring.master, "unwrap", asleep)
            keyring.forget(site.actor.org_id)
            await hooks.match()
            assert [one.topic for one in await hooks.messages()] == ["device.created"]
            with pytest.raises(MasterKeyUnreachable):
                await site.receive("refused", "b")
        await hooks.match()
        await hooks.deliver()
        assert sorted(json.loads(one.body)["type"] for one in receiver.delivered) == ["device.created", "sms.inbound"]
