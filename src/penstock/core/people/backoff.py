"""Slows down guessing: counts failed attempts per account and per address, and enforces an exponential wait after them.

Theory of operation. An attempt counts as failed when it starts, and the count is reverted when it succeeds, so that parallel
attempts get no further than sequential ones. After the free attempts each further one doubles the wait, up to a maximum. Attempts
during the wait are not counted. A counter is dropped an hour after its last attempt. Counters are in memory and bounded: the
oldest is evicted first, and only an attacker with very many addresses can cause that. A restart clears them.

An account's wait also locks out its owner. Therefore attempts from an address from which the account has signed in before have a
separate counter, so that a stranger cannot lock users out of their usual places. These places are known from the stored sessions
after a restart.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Iterable

from penstock.core.people.errors import TooManyAttempts
from penstock.kit.backoff import Doubling
from penstock.kit.clock import SECOND_US, Clock

MAX_ENTRIES = 100_000
MAX_PLACES = 20_000
FORGET_S = 3600.0
_SUBNET = 64
"""A client with one IPv6 address usually has its whole /64."""


class _Counter:
    __slots__ = ("failed", "last_s", "until_s")

    def __init__(self) -> None:
        self.failed = 0
        self.last_s = 0.0
        self.until_s = 0.0


class _Counters:
    """Counters by subject, the least recently used first."""

    def __init__(self, free: int, max_wait_s: int) -> None:
        self._free = free
        self._max_wait_s = max_wait_s
        self._waits = Doubling(first_us=SECOND_US, longest_us=max_wait_s * SECOND_US)
        self._found: OrderedDict[str, _Counter] = OrderedDict()

    def wait_s(self, subject: str, now_s: float) -> float:
        counter = self._found.get(subject)
        if counter is None:
            return 0.0
        # Longer than the longest wait: a guesser who waits until it ends must not start again with free attempts.
        if now_s - counter.last_s > max(FORGET_S, 2 * self._max_wait_s):
            del self._found[subject]
            return 0.0
        return counter.until_s - now_s

    def add(self, subject: str, now_s: float) -> None:
        counter = self._found.get(subject)
        if counter is None:
            if len(self._found) >= MAX_ENTRIES:
                self._found.popitem(last=False)
            counter = self._found[subject] = _Counter()
        self._found.move_to_end(subject)
        counter.failed += 1
        counter.last_s = now_s
        counter.until_s = self._until(counter.failed, now_s)

    def take_back(self, subject: str, now_s: float) -> None:
        counter = self._found.get(subject)
        if counter is not None:
            counter.failed -= 1
            counter.until_s = self._until(counter.failed, now_s) if counter.failed > 0 else 0.0

    def forget(self, subject: str) -> None:
        self._found.pop(subject, None)

    def _until(self, failed: int, now_s: float) -> float:
        excess = failed - self._free
        return 0.0 if excess < 0 else now_s + self._waits.pause_us(excess + 1) / SECOND_US


class Attempt:
    """One attempt in progress."""

    __slots__ = ("account", "address", "place")

    def __init__(self, account: str, address: str, place: str) -> None:
        self.account, self.address, self.place = account, address, place


class Backoff:
    """Counts attempts to authenticate."""

    def __init__(self, clock: Clock, *, per_account: int, per_address: int, max_wait_s: int) -> None:
        self._clock = clock
        self._accounts = _Counters(per_account, max_wait_s)
        self._addresses = _Counters(per_address, max_wait_s)
        self._places: OrderedDict[str, None] = OrderedDict()

    def recall(self, places: Iterable[tuple[str, str]]) -> None:
        """Add places from which accounts have signed in: e-mails and addresses, the latest last."""
        for account, address in places:
            self._add_place(_place(account.casefold(), _source(address)))

    def begin(self, account: str, address: str) -> Attempt:
        """Count an attempt, which counts as failed until `succeed`.

        Raises:
            TooManyAttempts: the account or the address must wait; nothing was counted.
        """
        now_s = self._clock.monotonic()
        account, address = account.casefold(), _source(address)
        place = _place(account, address)
        counted = place if place in self._places else account
        wait_s = max(self._accounts.wait_s(counted, now_s), self._addresses.wait_s(address, now_s))
        if wait_s > 0:
            raise TooManyAttempts(retry_after_s=math.ceil(wait_s))
        self._accounts.add(counted, now_s)
        self._addresses.add(address, now_s)
        # With the counter to revert: a parallel sign-in can make this address a usual place before the attempt ends.
        return Attempt(counted, address, place)

    def take_back(self, attempt: Attempt) -> None:
        """Revert one attempt that was right but does not complete the sign-in: other attempts on the account stay counted."""
        now_s = self._clock.monotonic()
        self._accounts.take_back(attempt.account, now_s)
        self._addresses.take_back(attempt.address, now_s)

    def succeed(self, attempt: Attempt) -> None:
        """Revert an attempt: the account starts again from zero, the address only has this one reverted."""
        self._accounts.forget(attempt.account)
        # Not reset, or guessers could clear the count of their address by signing in to an account of their own.
        self._addresses.take_back(attempt.address, self._clock.monotonic())
        self._add_place(attempt.place)

    def _add_place(self, place: str) -> None:
        if place not in self._places and len(self._places) >= MAX_PLACES:
            self._places.popitem(last=False)
        self._places[place] = None
        self._places.move_to_end(place)


def _place(account: str, address: str) -> str:
    return f"{account} {address}"


def _source(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    # Dual-stack sockets show IPv4 clients as `::ffff:a.b.c.d`. As IPv6 addresses, all of them would share one /64.
    return str(found.ipv4_mapped or ipaddress.ip_network((found, _SUBNET), strict=False))
