"""Passwords whose hashes cost next to nothing, as nearly every test makes a person; and hashes that are counted."""

from __future__ import annotations

from argon2 import PasswordHasher

from penstock.adapters import passwords


def make_passwords_quick() -> None:
    """Give new hashes of this process the least work. `tests/adapters/test_passwords.py` checks the real parameters."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CountingHasher:
    """A hasher that keeps the stored values which it was asked to compare with."""

    def __init__(self) -> None:
        self._hasher = passwords._hasher
        self.compared: list[str] = []

    def verify(self, stored: str, password: str) -> bool:
        self.compared.append(stored)
        return self._hasher.verify(stored, password)

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)
