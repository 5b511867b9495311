"""The Autobahn suite judges the door's WebSockets: groups 1 to 7 and 10, which are all but sizes, speed and compression.

The application that echoes is the tests' own; all limits are those of production.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.frontdoor import autobahn
from tests.adapters.frontdoor.running import Running, running

GROUPS = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
CASES = 247
SLOW = ["5.19", "5.20", "6.4.*"]
"""Cases that send their parts seconds apart."""
SLOW_CASES = 6

pytestmark = pytest.mark.skipif(not autobahn.IS_THERE, reason=autobahn.MISSING)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send(message | {"type": "websocket.send"})


@pytest.fixture(scope="module")
def echoing() -> Iterator[Running]:
    with running(app=echo) as at:
        yield at


def judged(at: Running, folder: Path, caplog: pytest.LogCaptureFixture, without: list[str]) -> dict[str, autobahn.Verdict]:
    """The verdicts; none is bad, and nothing that was sent is news for the log."""
    caplog.set_level(logging.INFO)
    verdicts = autobahn.judge(at.port, folder, GROUPS, without)
    assert {case: verdict for case, verdict in verdicts.items() if not verdict.is_good} == {}
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []
    return verdicts


def test_no_case_fails(echoing: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert len(judged(echoing, tmp_path, caplog, SLOW)) == CASES - SLOW_CASES


@pytest.mark.prove
def test_no_case_fails_of_all(echoing: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    verdicts = judged(echoing, tmp_path, caplog, [])
    assert len(verdicts) == CASES
    assert verdicts["6.4.1"] == verdicts["6.4.2"] == ("OK", "OK")  # bad text ends the connection before the message is whole
