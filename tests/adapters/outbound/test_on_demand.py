"""The outgoing client that is made at its first call."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.outbound.on_demand import HttpOnDemand
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import TargetRefused
from penstock.core.outbound.ports import OutgoingCall
from penstock.core.outbound.targets import TargetPolicy

from .test_client import OK, Names, config, receiving, saying


def on_demand(settings: OutboundConfig) -> HttpOnDemand:
    return HttpOnDemand(settings, TargetPolicy(settings), Names("127.0.0.1"))


async def test_calls_are_those_of_one_client() -> None:
    http = on_demand(config("127.0.0.0/8"))
    async with receiving(saying(OK)) as receiver:
        for _ in range(2):
            answer = await http.send(OutgoingCall(url=f"http://127.0.0.1:{receiver.port}/in"))
            assert (answer.status, answer.body) == (200, b"ok")
        await http.aclose()
    with pytest.raises(TargetRefused):
        await on_demand(config()).send(OutgoingCall(url="http://127.0.0.1/in"))


async def test_without_a_call_there_is_nothing_to_close() -> None:
    await on_demand(config()).aclose()


async def test_certificates_that_cannot_be_read_are_an_error_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        on_demand(config(ca_file=str(tmp_path / "none.pem")))
