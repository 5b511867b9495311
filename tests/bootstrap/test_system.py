"""The health and the metrics of a server are what its nouns brought."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from penstock.api.shared.call import Call
from penstock.api.system.access import OperatorGate
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.metrics import Figure
from penstock.bootstrap.part import Part
from penstock.bootstrap.system import system_part
from penstock.settings import load_settings
from penstock.workers.progress import Followers
from tests.support.days import HeldClock

LOCAL = cast("Call[Any, Any]", SimpleNamespace(scope={"client": ("127.0.0.1", 1), "headers": []}))


async def test_every_noun_is_asked() -> None:
    problems: dict[str, str | None] = {"disk": None, "clock": None}
    nouns = [
        Part(figures=(Figure("seven", "Seven.", lambda: 7),), checks={"disk": lambda: problems["disk"]}),
        Part(figures=(Figure("eight", "Eight.", lambda: 8),), checks={"clock": lambda: problems["clock"]}),
    ]
    settings = load_settings(environment={})
    (_, health) = system_part(Followers(HeldClock()), settings, nouns, OperatorGate(settings.metrics)).endpoints
    assert isinstance(health, HealthEndpoints)
    assert (await health.ready(LOCAL)).status == 200
    problems["clock"] = "it stands still"
    answer = await health.ready(LOCAL)
    assert (answer.status, answer.body.checks) == (503, {"disk": "ok", "clock": "it stands still"})
    text = (await health.metrics(LOCAL)).body
    assert b"penstock_seven 7.0" in cast("bytes", text)
    assert b"penstock_eight 8.0" in cast("bytes", text)
