"""A change of a plan is known at once to whoever keeps an organisation, its devices and keys in memory."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from penstock.bootstrap.subscriptions import forgetting
from penstock.core.subscriptions.models import PlanChange


class Memory:
    """Keeps what it was told to forget."""

    def __init__(self) -> None:
        self.dropped: list[int] = []

    def drop(self, number: int) -> None:
        self.dropped.append(number)


def test_what_a_change_touched_is_forgotten() -> None:
    services = SimpleNamespace(plans=Memory(), directory=Memory(), authenticator=Memory())
    change = SimpleNamespace(organization=SimpleNamespace(id=1), paused_devices=[2, 3], revoked_keys=[4])
    forgetting(cast("Any", services))(cast("PlanChange", change))
    assert (services.plans.dropped, services.directory.dropped, services.authenticator.dropped) == ([1], [2, 3], [4])
