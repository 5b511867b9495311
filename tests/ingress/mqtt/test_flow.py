"""When a connection is read: not while any reason holds, and at its pace over time."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from penstock.ingress.mqtt.flow import Flow, Hold
from tests.support.waiting import CEILING_S


class Pipe:
    """A transport that knows whether it is read."""

    def __init__(self) -> None:
        self.is_read, self.closing = True, False

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True


@pytest.fixture
async def pipe() -> Pipe:
    return Pipe()


def begun(pipe: Pipe, rate: int = 10) -> Flow:
    flow = Flow(rate)
    flow.begin(cast(asyncio.Transport, pipe))
    return flow


async def test_reading_goes_on_when_the_last_reason_is_gone(pipe: Pipe) -> None:
    flow = begun(pipe)
    for why in (Hold.CROWDED, Hold.PACE, Hold.CROWDED):
        flow.pause(why)
    flow.resume(Hold.CROWDED)
    assert (pipe.is_read, flow.held, flow.holds(Hold.PACE), flow.holds(Hold.CROWDED)) == (False, True, True, False)
    flow.resume(Hold.PACE)
    assert (pipe.is_read, flow.held) == (True, False)


async def test_a_reason_that_is_released_is_read_on_only_when_told(pipe: Pipe) -> None:
    flow = begun(pipe)
    flow.pause(Hold.DECIDING)
    flow.release(Hold.DECIDING)
    assert not pipe.is_read
    flow.continue_reading()
    assert pipe.is_read


async def test_whoever_was_not_read_is_not_late(pipe: Pipe) -> None:
    flow = begun(pipe)
    flow.pause(Hold.LANE)
    flow.received_at = 0.0
    flow.resume(Hold.LANE)
    assert flow.received_at > 0
    flow.received_at = 0.0
    flow.resume(Hold.LANE)
    assert flow.received_at == 0, "there was nothing to resume"


async def test_a_transport_that_closes_is_left_alone(pipe: Pipe) -> None:
    flow = begun(pipe)
    flow.pause(Hold.WRITING)
    pipe.closing = True
    flow.resume(Hold.WRITING)
    assert not pipe.is_read


@pytest.mark.parametrize(("passed_s", "messages", "held"), [(0.0, 10, False), (0.0, 11, True), (0.5, 15, False), (5.0, 21, True)])
async def test_a_seconds_worth_may_come_at_once_and_no_more_is_saved_up(
    passed_s: float, messages: int, held: bool, pipe: Pipe
) -> None:
    flow = begun(pipe)
    flow.count(0 if passed_s else messages)
    if passed_s:
        flow.count(10)
        flow.received_at += passed_s
        flow.count(messages - 10)
    assert flow.holds(Hold.PACE) is held
    assert pipe.is_read is not held


async def test_a_pause_ends_by_itself(pipe: Pipe) -> None:
    flow = begun(pipe)
    flow.pause_for(Hold.PACE, 0.001)
    assert not pipe.is_read
    async with asyncio.timeout(CEILING_S):
        while flow.held:
            await asyncio.sleep(0.001)
    assert pipe.is_read
