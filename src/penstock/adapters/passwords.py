"""Passwords of people: argon2id with the library's current parameters, in threads of their own.

A hash takes some 50 ms of one core and 64 MiB, which is what makes guessing dear. Only a few are made at once, and only so many
may wait: a flood of sign-ins costs those who sign in, never the rest of the server.
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
    """More passwords wait to be looked at than the server takes on; nothing was looked at."""

    kind, code = Kind.UNAVAILABLE, "auth.too_many_sign_ins"
    message = "too many people sign in at this moment; try again soon"


def hash_password(password: str) -> str:
    """The stored form of a password, with its salt and parameters."""
    return _hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


class Argon2Passwords:
    """Implements `Passwords`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "passwords")  # which starts none before there is work
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
        except InvalidHashError:  # nobody's, which must take as long as somebody's
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
