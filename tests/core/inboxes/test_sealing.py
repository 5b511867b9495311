"""Contents are encrypted for their message alone, and cannot be read once the organisation's key is destroyed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.core.inboxes.models import StoredMessage
from penstock.core.inboxes.sealing import opened
from penstock.core.vault.errors import SecretDamaged
from penstock.kit.ids import InboxMessageId
from tests.support.inboxes import InboxSite, open_inboxes


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
