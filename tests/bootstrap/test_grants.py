"""Changes of grants arrive at receivers of webhooks, in Kaito's form and in our own."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from penstock.core.tokens.grant_models import NewGrant, Subject
from penstock.core.tokens.models import NewToken, Permission, SubjectKind
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, encode
from tests.support.days import PassingClock
from tests.support.receivers import receiving
from tests.support.webhooks import HookSite, open_hooks

TOPIC = "token.permission.changed"


async def changes(site: HookSite, clock: PassingClock) -> list[tuple[str, str]]:
    """A grant that changes in every way. Permission and change of each event."""
    parts, actor = site.server.parts, site.actor
    await parts.tokens.service.create(actor, NewToken(name="aws-prod", seed=b"12345678901234567890"))
    group = await site.server.people.groups.create(actor, "Contractors")
    subject = Subject(SubjectKind.GROUP, group.id)
    grant = (await parts.grants.service.grant(actor, "aws-prod", NewGrant(subject=subject, permission=Permission.CODE))).grant
    await parts.grants.service.elevate(actor, "aws-prod", grant.id, 60 * SECOND_US, "new phone")
    await parts.grants.service.set_end(actor, "aws-prod", grant.id, None, 3600 * SECOND_US)
    clock.us += 60 * SECOND_US
    await parts.grants.worker.step()
    await parts.grants.service.revoke(actor, "aws-prod", grant.id)
    return [("code", "granted"), ("seed", "elevated"), ("code", "updated"), ("seed", "expired"), ("code", "revoked")]


async def test_every_change_arrives_in_kaitos_form(tmp_path: Path) -> None:
    clock = PassingClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock, PENSTOCK_GRANTS_INTERVAL_S="86400") as site:
        made = await site.subscribe(receiver.url(), TOPIC, format="kaito")
        expected = await changes(site, clock)
        await site.match()
        await site.deliver()
        bodies = [json.loads(one.body) for one in receiver.delivered]
        for delivery in receiver.delivered:
            signed = f"{delivery.headers['kaito-timestamp']}.".encode() + delivery.body
            mac = hmac.new(made.secret.encode(), signed, hashlib.sha256).hexdigest()
            assert delivery.headers["kaito-signature"] == f"sha256={mac}"
    assert {tuple(body) for body in bodies} == {("id", "type", "created_at", "data")}
    assert {body["type"] for body in bodies} == {TOPIC}
    data: list[dict[str, Any]] = [body["data"] for body in bodies]
    assert {tuple(one) for one in data} == {("token", "group", "permission", "change", "expires_at", "actor")}
    assert {(one["token"], one["group"]) for one in data} == {("aws-prod", "Contractors")}
    # Messages are delivered side by side, so they arrive in any order.
    assert sorted((one["permission"], one["change"]) for one in data) == sorted(expected)
    assert [one["change"] for one in data if one["expires_at"] is None] == ["granted"]
    assert "seed" not in json.dumps(bodies).replace('"seed"', "")


async def test_our_own_form_has_ids(tmp_path: Path) -> None:
    clock = PassingClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock, PENSTOCK_GRANTS_INTERVAL_S="86400") as site:
        await site.subscribe(receiver.url(), "token.*")
        await changes(site, clock)
        await site.match()
        await site.deliver()
        data = next(one for one in (json.loads(each.body)["data"] for each in receiver.delivered) if one["change"] == "granted")
        token = await site.server.parts.tokens.service.get(site.actor, "aws-prod")
    assert data["token_id"] == encode(Prefix.TOKEN, token.token.id)
    assert data["id"] == data["grant_id"]
    assert data["subject"].startswith("grp_")
    assert (data["user"], data["key"]) == (None, None)
