"""Which scopes a set of topics requires."""

from __future__ import annotations

import pytest

from penstock.core.tenancy.event_scopes import SCOPES, scopes_of
from penstock.core.tenancy.scopes import ALL

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
