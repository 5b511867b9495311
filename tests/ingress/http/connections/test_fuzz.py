"""Bodies of network servers cut anywhere and changed anywhere, through the real door: refused or taken, never a failure."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.fuzz.traps import ODD_VALUES, fields_of
from tests.ingress.http.connections.conftest import Connect
from tests.ingress.lorawan.test_protocol import BODIES, planted, without
from tests.support.server import RunningServer

EVENTS = (None, "up", "join", "status", "ack", "txack", "log", "location", "", "x" * 300)
UPLINKS = ("chirpstack_v4: an uplink of today's servers", "things_stack: an uplink", "chirpstack_v3: JSON v3")


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.prove)])
def test_every_body_that_is_cut_off_is_refused(connect: Connect, server: RunningServer, step: int) -> None:
    caller = connect()
    for name in UPLINKS:
        whole = json.dumps(dict(BODIES)[name]["body"]).encode()
        for length in range(0, len(whole), step):
            assert caller.post(whole[:length], "up").status_code == 400, whole[:length]
    assert "Traceback" not in server.log()


@pytest.mark.parametrize("cases", [300, pytest.param(10_000, marks=pytest.mark.prove)])
def test_every_body_that_is_changed_is_taken_or_refused(
    connect: Connect, device: Callable[..., dict[str, Any]], server: RunningServer, cases: int
) -> None:
    caller, chance, eui = connect(), random.Random(19), device()["eui"]
    for _ in range(cases):
        text = json.dumps(chance.choice(BODIES)[1]["body"])
        for known in ("70b3d57ed0061f2a", "70B3D57ED0061F2A", "70B3D57ED0061F77"):
            text = text.replace(known, eui)
        body = json.loads(text)
        for _ in range(chance.randint(1, 4)):
            paths = list(fields_of(body))
            if paths:
                path = chance.choice(paths)
                body = without(body, path) if chance.random() < 0.3 else planted(body, path, chance.choice(ODD_VALUES))
        raw = json.dumps(body).encode()
        if chance.random() < 0.2 and raw:
            raw = bytes(byte if chance.random() > 0.01 else chance.randrange(256) for byte in raw)
        answer = caller.post(raw, chance.choice(EVENTS))
        assert answer.status_code == 200 or 400 <= answer.status_code < 500, (answer.status_code, raw)
    assert "Traceback" not in server.log()
