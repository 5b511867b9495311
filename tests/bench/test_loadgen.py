from __future__ import annotations

import pytest

from bench.http import request
from bench.loadgen import LoadFailed, Result, closed_loop, percentile, send_all
from tests.bench.answering import answer, by, healthy, serving

pytestmark = pytest.mark.usefixtures("_ticking")

POST = request("POST", "/x", body=b"{}")


async def load(port: int, connections: int = 3) -> Result:
    return await closed_loop(port, [[POST]] * connections, 0.05, 0.2)


async def test_a_closed_loop_counts_what_was_answered() -> None:
    posts = 0

    def respond(head: bytes) -> bytes:
        nonlocal posts
        posts += head.startswith(b"POST")
        return answer(200)

    async with serving(by(respond)) as port:
        result = (await load(port)).checked()
    assert 0 < len(result.latencies_s) <= posts  # those of the warm-up are answered, and not counted
    assert result.statuses == {200: len(result.latencies_s)}
    assert result.rate == pytest.approx(len(result.latencies_s) / 0.2)
    assert 0 < result.percentile_ms(50) <= result.percentile_ms(99)


async def test_more_connections_than_the_door_takes_at_once() -> None:
    async with serving(by(lambda head: answer(200))) as port:
        (await load(port, connections=100)).checked()


async def test_an_error_fails_the_check() -> None:
    async with serving(healthy(lambda head: answer(500))) as port:
        result = await load(port)
    assert result.rate == 0
    with pytest.raises(LoadFailed, match="500"):
        result.checked()


async def test_a_connection_that_the_server_closes_fails_the_check() -> None:
    answers = iter([answer(200)] * 5)
    async with serving(healthy(lambda head: next(answers, b""))) as port:
        result = await load(port)
    assert result.lost == 3
    with pytest.raises(LoadFailed, match="3 connections lost"):
        result.checked()


@pytest.mark.parametrize(("headers", "improper"), [((), True), (("retry-after: 1",), False)])
async def test_a_refusal_must_say_when_to_come_again(headers: tuple[str, ...], improper: bool) -> None:
    async with serving(healthy(lambda head: answer(503, b"{}", *headers))) as port:
        result = await load(port)
    assert bool(result.without_retry_after) == improper


async def test_everything_is_sent_once_and_answered_in_order() -> None:
    async with serving(by(lambda head: answer(200, head.split(b" ")[1]))) as port:
        answers = await send_all(port, (request("GET", f"/{number}") for number in range(50)))
    assert answers == [b"/%d" % number for number in range(50)]


async def test_setting_up_breaks_off_at_an_error() -> None:
    async with serving(by(lambda head: answer(400, b"no"))) as port:
        with pytest.raises(LoadFailed, match="400: no"):
            await send_all(port, [POST])


def test_percentiles() -> None:
    values = [value / 100 for value in range(100)]
    assert percentile(values, 50) == 0.50
    assert percentile(values, 99) == 0.99
    assert percentile([], 50) != percentile([], 50)
