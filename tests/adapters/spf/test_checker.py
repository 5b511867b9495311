"""SPF is evaluated as RFC 7208 says, with name servers of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from penstock.adapters.spf.checker import MOST_WAITING, Lookup, LookupFailed, SpfChecker, resolver_of_system
from penstock.core.inboxes.models import Spf
from tests.support.days import HeldClock

ZONE: Mapping[tuple[str, str], Sequence[Any]] = {
    ("pass.example", "TXT"): [(b"v=spf1 ip4:192.0.2.0/24 ", b"ip6:2001:db8::/32 -all")],
    ("soft.example", "TXT"): [(b"v=spf1 ~all",)],
    ("neutral.example", "TXT"): [(b"unrelated",), (b"v=spf1 ?all",)],
    ("twice.example", "TXT"): [(b"v=spf1 -all",), (b"v=spf1 +all",)],
    ("broken.example", "TXT"): [(b"v=spf1 moo -all",)],
    ("include.example", "TXT"): [(b"v=spf1 include:pass.example -all",)],
    ("redirect.example", "TXT"): [(b"v=spf1 redirect=pass.example",)],
    ("loop.example", "TXT"): [(b"v=spf1 include:loop.example -all",)],
    ("mx.example", "TXT"): [(b"v=spf1 mx -all",)],
    ("mx.example", "MX"): [(10, "one.mx.example"), (20, "two.mx.example")],
    ("one.mx.example", "A"): ["198.51.100.1"],
    ("two.mx.example", "A"): ["192.0.2.7"],
    ("a.example", "TXT"): [(b"v=spf1 a:one.mx.example/24 -all",)],
    ("exists.example", "TXT"): [(b"v=spf1 exists:%{ir}.%{l}.list.example -all",)],
    ("7.2.0.192.joe.list.example", "A"): ["127.0.0.2"],
    ("void.example", "TXT"): [(b"v=spf1 a:x1.example a:x2.example a:x3.example a:x4.example -all",)],
    ("latin.example", "TXT"): [(b"v=spf1 exp=\xe4 -all",)],
}


def answers(name: str, kind: str, timeout_s: float) -> Sequence[Any]:
    if name == "fails.example":
        raise LookupFailed("SERVFAIL")
    return ZONE.get((name, kind), ())


@asynccontextmanager
async def checker(lookup: Lookup = answers, timeout_s: float = 5) -> AsyncIterator[SpfChecker]:
    made = SpfChecker(lookup, timeout_s)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize(
    ("sender", "peer", "result"),
    [
        ("joe@pass.example", "192.0.2.7", Spf.PASS),
        ("joe@pass.example", "2001:db8::7", Spf.PASS),
        ("joe@pass.example", "198.51.100.9", Spf.FAIL),
        ("joe@PASS.example", "192.0.2.7", Spf.PASS),
        ("joe@soft.example", "192.0.2.7", Spf.SOFTFAIL),
        ("joe@neutral.example", "192.0.2.7", Spf.NEUTRAL),
        ("joe@nothing.example", "192.0.2.7", Spf.NONE),
        ("joe@twice.example", "192.0.2.7", Spf.PERMERROR),
        ("joe@broken.example", "192.0.2.7", Spf.PERMERROR),
        ("joe@include.example", "192.0.2.7", Spf.PASS),
        ("joe@include.example", "198.51.100.9", Spf.FAIL),
        ("joe@redirect.example", "192.0.2.7", Spf.PASS),
        ("joe@loop.example", "192.0.2.7", Spf.PERMERROR),
        ("joe@mx.example", "192.0.2.7", Spf.PASS),
        ("joe@a.example", "198.51.100.200", Spf.PASS),
        ("joe@exists.example", "192.0.2.7", Spf.PASS),
        ("ann@exists.example", "192.0.2.7", Spf.FAIL),
        ("joe@void.example", "192.0.2.7", Spf.PERMERROR),
        ("joe@fails.example", "192.0.2.7", Spf.TEMPERROR),
        ("joe@latin.example", "192.0.2.7", Spf.PERMERROR),
        ("joe@" + "a" * 64 + ".example", "192.0.2.7", Spf.NONE),
    ],
)
async def test_results(sender: str, peer: str, result: Spf) -> None:
    async with checker() as spf:
        assert await spf.check(peer, "mail.example", sender) is result


async def test_without_a_sender_the_name_of_the_client_counts() -> None:
    async with checker() as spf:
        assert await spf.check("192.0.2.7", "pass.example", "") is Spf.PASS
        assert await spf.check("198.51.100.9", "pass.example", "") is Spf.FAIL


async def test_a_name_server_that_is_slow_costs_the_timeout_at_most() -> None:
    clock, left = HeldClock(), []

    def slow(name: str, kind: str, timeout_s: float) -> Sequence[Any]:
        left.append(timeout_s)
        clock.s += 2
        return answers(name, kind, timeout_s)

    made = SpfChecker(slow, 5, clock.monotonic)
    assert await made.check("192.0.2.7", "mail.example", "joe@mx.example") is Spf.TEMPERROR
    made.close()
    assert left == [5, 3, 1], "one deadline for all questions"


async def test_too_many_checks_at_once_are_not_queued() -> None:
    waiting = asyncio.Event()
    loop = asyncio.get_running_loop()

    def blocked(name: str, kind: str, timeout_s: float) -> Sequence[Any]:
        asyncio.run_coroutine_threadsafe(waiting.wait(), loop).result()
        return ()

    async with checker(blocked) as spf:
        tasks = [asyncio.create_task(spf.check("192.0.2.7", "m.example", "joe@pass.example")) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        assert await spf.check("192.0.2.7", "m.example", "joe@pass.example") is Spf.TEMPERROR
        waiting.set()
        assert set(await asyncio.gather(*tasks)) == {Spf.NONE}


async def test_a_peer_that_is_no_address_is_an_error_of_the_check() -> None:
    async with checker() as spf:
        assert await spf.check("nonsense", "mail.example", "joe@pass.example") is Spf.PERMERROR


def test_a_resolver_without_network_fails_as_agreed() -> None:
    # `.invalid` is never delegated; without a network the question fails, and with one the name does not exist.
    with contextlib.suppress(LookupFailed):
        assert list(resolver_of_system()("penstock.invalid", "TXT", 0.2)) == []
