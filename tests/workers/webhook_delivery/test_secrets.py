"""What endpoints send of the vault: values that are resolved at each attempt, and never a header that somebody smuggled in."""

from __future__ import annotations

import base64
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from penstock.core.vault.models import NewSecret
from penstock.core.webhooks.secrets import owner_of
from tests.support.receivers import receiving
from tests.support.webhooks import HookSite, open_hooks

FIRST, SECOND = ("whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


async def told(site: HookSite) -> None:
    await site.add_device()
    await site.match()
    await site.deliver()


async def test_a_new_version_is_used_from_the_next_attempt_on(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        secrets = site.server.parts.secrets
        signing = await secrets.create(site.actor, NewSecret(name="signing", value=FIRST))
        key = await secrets.create(site.actor, NewSecret(name="key", value="one"))
        headers = (("X-Key", "secret://key"), ("X-Own", "mine"))
        made = await site.subscribe(receiver.url(), "device.created", secret="secret://signing", headers=headers)
        assert made.secret == "secret://signing"
        await told(site)
        await secrets.add_version(site.actor, key.secret.id, "two")
        await secrets.add_version(site.actor, signing.secret.id, SECOND)
        await told(site)
        assert [(one.headers["x-key"], one.headers["x-own"]) for one in receiver.delivered] == [("one", "mine"), ("two", "mine")]
        for one, secret in zip(receiver.delivered, (FIRST, SECOND), strict=True):
            Webhook(secret).verify(one.body.decode(), one.headers)


async def test_a_version_that_does_not_fit_is_not_sent(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        secrets = site.server.parts.secrets
        signing = await secrets.create(site.actor, NewSecret(name="signing", value=FIRST))
        key = await secrets.create(site.actor, NewSecret(name="key", value="one"))
        await site.subscribe(receiver.url(), "device.created", secret="secret://signing", headers=(("X-Key", "secret://key"),))
        for secret, wrong in ((key, "two\r\nX-Smuggled: 1"), (signing, "no signing secret")):
            await secrets.add_version(site.actor, secret.secret.id, wrong)
            await told(site)
            assert receiver.delivered == []
            await secrets.restore_version(site.actor, secret.secret.id, 1)
        (message, _) = await site.messages()
        attempts = await site.hooks.messages.attempts(site.actor, message.id, 10, None)
        assert "headers.X-Key" in (attempts.items[-1].error or "")
        assert "Smuggled" not in (attempts.items[-1].error or "")


async def test_a_replaced_secret_signs_for_its_overlap(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        made = await site.subscribe(receiver.url(), "device.created", secret=FIRST)
        await site.hooks.endpoints.rotate(site.actor, made.endpoint.id, SECOND, 60)
        await told(site)
        await site.hooks.endpoints.rotate(site.actor, made.endpoint.id, FIRST, 0)
        await told(site)
        signatures = [one.headers["webhook-signature"].count("v1,") for one in receiver.delivered]
        assert signatures == [2, 1]
        for secret in (FIRST, SECOND):
            Webhook(secret).verify(receiver.delivered[0].body.decode(), receiver.delivered[0].headers)


async def test_a_deleted_endpoint_leaves_nothing_in_the_vault(tmp_path: Path) -> None:
    async with open_hooks(tmp_path) as site:
        made = await site.subscribe("https://hooks.invalid/in", "device.created", headers=(("X-Own", "mine"),))
        owner = owner_of(made.endpoint.id)
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            assert sorted(one.path for one in await tx.secrets.held(owner)) == ["headers.X-Own", "secret"]
        await site.hooks.endpoints.delete(site.actor, made.endpoint.id)
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            assert await tx.secrets.held(owner) == []


async def test_an_endpoint_whose_secrets_are_missing_fails_and_says_so(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        made = await site.subscribe(receiver.url(), "device.created")
        owner = owner_of(made.endpoint.id)
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.secrets.delete_owned(owner)
        site.server.vault.forget(site.actor.org_id, owner)
        await told(site)
        (message,) = await site.messages()
        attempts = await site.hooks.messages.attempts(site.actor, message.id, 10, None)
        assert "enter them again" in (attempts.items[0].error or "")
        await site.hooks.endpoints.rotate(site.actor, made.endpoint.id, None, 60)
        await site.hooks.messages.replay(site.actor, message.id)
        await site.deliver()
        assert len(receiver.delivered) == 1
