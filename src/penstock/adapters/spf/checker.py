"""Checks SPF (RFC 7208) with pyspf, which evaluates the records, and dnspython, which asks for them.

pyspf is synchronous and asks through a function of its module. Here it runs in threads, and asks through an argument, within one
deadline for the whole check.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import structlog

from penstock.core.inboxes.models import Spf

THREADS = 4
MOST_WAITING = 50
"""Checks at once. With more, the next are `temperror` at once."""
_log = structlog.get_logger()


class LookupFailed(Exception):
    """The name server did not answer in time, or failed."""


class Lookup(Protocol):
    """Asks for the records of a name."""

    def __call__(self, name: str, kind: str, timeout_s: float) -> Sequence[Any]:
        """The records of a kind: strings for `A`, `AAAA` and `PTR`, `(preference, name)` for `MX`, tuples of bytes for `TXT`.

        Without records or without the name, it is empty.

        Raises:
            LookupFailed.
        """


def resolver_of_system() -> Lookup:
    """Asks the name servers that the machine uses."""
    from dns import exception, resolver  # here, because only the listener for mails needs it

    try:
        system = resolver.Resolver()
    except exception.DNSException:  # the machine has none
        system = resolver.Resolver(configure=False)

    def ask(name: str, kind: str, timeout_s: float) -> Sequence[Any]:
        try:
            answer = system.resolve(name, kind, lifetime=timeout_s, raise_on_no_answer=False, search=False)
        except resolver.NXDOMAIN:
            return ()
        except (exception.DNSException, OSError, UnicodeError) as error:
            raise LookupFailed(type(error).__name__) from error
        return [_value(record, kind) for record in answer]

    return ask


def _value(record: Any, kind: str) -> Any:
    if kind in ("A", "AAAA"):
        return record.address
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    return record.target.to_text(omit_final_dot=True) if kind == "PTR" else record.strings


class SpfChecker:
    """Implements `ingress.mail.receiver.SenderCheck`."""

    def __init__(self, lookup: Lookup, timeout_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lookup = lookup
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="spf")
        self._waiting = 0

    async def check(self, peer: str, helo: str, sender: str) -> Spf:
        """Check whether `peer`, an IP address, may send mails of the domain of `sender`; of the domain `helo` if it is empty."""
        if self._waiting >= MOST_WAITING:
            return Spf.TEMPERROR
        self._waiting += 1
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, self._check, peer, helo, sender)
            return await asyncio.wait_for(running, self._timeout_s + 1)
        except TimeoutError:
            return Spf.TEMPERROR
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads. What they ask for ends by its own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, peer: str, helo: str, sender: str) -> Spf:
        try:
            query = _query_class()(i=peer, s=sender, h=helo)
            query.asks(self._lookup, self._monotonic, self._monotonic() + self._timeout_s)
            return Spf(query.check()[0])
        except Exception as error:  # whatever a hostile record does to the evaluation, the mail is judged without it
            _log.info("spf_not_checked", reason=type(error).__name__)
            return Spf.PERMERROR


def _query_class() -> type[Any]:
    """A query of pyspf with another way to ask. Made on first use, because pyspf is needed only by the listener for mails."""
    import spf

    class Query(spf.query):  # type: ignore[misc]
        def asks(self, lookup: Lookup, monotonic: Callable[[], float], deadline: float) -> None:
            self._lookup, self._monotonic, self._deadline = lookup, monotonic, deadline
            self._known: dict[tuple[str, str], Sequence[Any]] = {}

        def dns(self, name: Any, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:
            key = (str(name).rstrip(".").lower(), qtype)
            if not all(0 < len(label) < 64 for label in key[0].split(".")) or len(key[0]) > 253:
                return []
            if key not in self._known:
                self._known[key] = self._ask(*key)
            if not self._known[key] and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                    raise spf.PermError("too many names without records")
            return list(self._known[key])

        def _ask(self, name: str, kind: str) -> Sequence[Any]:
            left_s = self._deadline - self._monotonic()
            if left_s <= 0:
                raise spf.TempError("the time for the check is over")
            try:
                return self._lookup(name, kind, left_s)
            except LookupFailed as error:
                raise spf.TempError(str(error)) from error

    return Query
