"""Users' passwords: argon2id with the library's current parameters, in separate threads.

A hash takes about 50 ms of one core and 64 MiB, which makes guessing expensive. Only a few are computed at once, and only a
limited number may wait: a flood of sign-ins affects only sign-ins, never the rest of the server.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from penstock.kit.errors import Kind, PenstockError

T = TypeVar("T")
THREADS = 2
MAX_WAITING = 64
_hasher = PasswordHasher()


class TooManySignIns(PenstockError):
    """Too many passwords are waiting to be verified. This one was not verified."""

    kind, code = Kind.UNAVAILABLE, "auth.too_many_sign_ins"
    message = "too many sign-ins are in progress; retry shortly"


def hash_password(password: str) -> str:
    """The stored form of a password, with its salt and parameters."""
    return _hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("no user has this password")


class Argon2Passwords:
    """Implements `Passwords`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "passwords")  # it starts no thread before there is work
        self._waiting = 0

    async def hash(self, password: str) -> str:
        return await self._run(lambda: _hasher.hash(password))

    async def verify(self, password_hash: str, password: str) -> bool:
        return await self._run(lambda: self._verify(password_hash, password))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return _hasher.verify(password_hash, password)
        except VerificationError:
            return False
        except InvalidHashError:  # an unknown user must take as long as a known one
            with contextlib.suppress(VerificationError):
                _hasher.verify(_nobodys_hash(), password)
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise TooManySignIns()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
