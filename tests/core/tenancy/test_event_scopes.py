"""Which scopes a set of topics requires."""

from __future__ import annotations

from contextlib import nullcontext

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.tenancy.errors import GrantedTopics
from penstock.core.tenancy.event_scopes import SCOPES, check_reaches, scopes_of
from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import OrgId

EVERY = set(SCOPES.values())


@pytest.mark.parametrize(
    ("topics", "scopes"),
    [
        ([], set()),
        (["reading.telemetry"], {"telemetry:read"}),
        (["alert.*", "alert.raised"], {"alerts:read"}),
        (["device.deleted", "command.done"], {"devices:read", "commands:read"}),
        (["webhook.endpoint.*"], {"webhooks:read"}),
        (["meter.alarm.opened"], {"alerts:read"}),
        (["meter.alarm.*"], {"alerts:read"}),
        (["*"], EVERY),
        (["audit.event", "*"], EVERY),
        (["a*"], {"alerts:read", "audit:read"}),
        (["device*"], {"devices:read"}),
        (["device.on*"], {"devices:read"}),
        (["billing.subscription.created"], {"billing:read"}),
    ],
)
def test_scopes_of_topics(topics: list[str], scopes: set[str]) -> None:
    assert scopes_of(topics) == scopes


def test_an_area_that_nobody_listed_needs_every_scope() -> None:
    for unlisted in ("station.seen", "station.*", "devices.online", "device", ""):
        assert scopes_of([unlisted]) == EVERY, unlisted


def test_every_scope_is_one_that_a_key_can_have() -> None:
    assert EVERY <= ALL


@pytest.mark.parametrize(
    ("topic", "is_granted"),
    [
        ("sms.inbound", True),
        ("mail.*", True),
        ("token.*", True),
        ("t*", True),
        ("*", True),
        ("alert.raised", False),
        ("device.*", False),
    ],
)
def test_events_about_what_is_granted(topic: str, is_granted: bool) -> None:
    everything = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1)
    check_reaches(everything, [topic])
    with pytest.raises(GrantedTopics) if is_granted else nullcontext():
        check_reaches(msgspec.structs.replace(everything, granted_only=True), ["reading.telemetry", topic])
