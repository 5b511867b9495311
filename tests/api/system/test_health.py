"""Health: alive whenever it answers, ready only when every part is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.api.system.access import OperatorGate
from penstock.api.system.health import Health, HealthEndpoints
from penstock.api.system.metrics import Metrics
from penstock.settings import load_settings

CALL = cast(Any, SimpleNamespace(scope={"client": ("127.0.0.1", 1), "headers": []}))
FOREIGN = cast(Any, SimpleNamespace(scope={"client": ("192.0.2.1", 1), "headers": []}))


def endpoints(**checks: str | None) -> HealthEndpoints:
    found = {name: (lambda reason=reason: reason) for name, reason in checks.items()}
    return HealthEndpoints("0.1.0", "full", found, {}, Metrics([]), OperatorGate(load_settings(environment={}).metrics))


@pytest.mark.parametrize(
    ("checks", "status", "word", "shown"),
    [
        ({}, 200, "ok", {}),
        ({"log": None, "disk": None}, 200, "ok", {"log": "ok", "disk": "ok"}),
        ({"log": "the disk failed", "disk": None}, 503, "unavailable", {"log": "the disk failed", "disk": "ok"}),
    ],
)
async def test_one_part_that_is_not_well_is_named(
    checks: dict[str, str | None], status: int, word: str, shown: dict[str, str]
) -> None:
    answer = await endpoints(**checks).ready(CALL)
    assert answer.status == status
    assert answer.body == Health(word, "0.1.0", "full", shown)


async def test_strangers_are_told_which_part_and_not_why() -> None:
    answer = await endpoints(log="/var/lib/penstock is full", disk=None).ready(FOREIGN)
    assert (answer.status, answer.body) == (503, Health("unavailable", "0.1.0", "full", {"log": "unavailable", "disk": "ok"}))


async def test_it_is_alive_whatever_is_not_well() -> None:
    assert await endpoints(log="the disk failed").health(CALL) == Health("ok", "0.1.0", "full")
    assert (await endpoints().ping(CALL)).status == "pong"
