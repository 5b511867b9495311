"""Passwords whose hashes cost next to nothing: nearly every test makes a person, and few are about how expensive guessing is."""

from __future__ import annotations

from argon2 import PasswordHasher

from penstock.adapters import passwords


def make_passwords_quick() -> None:
    """Give new hashes of this process the least work. `tests/adapters/test_passwords.py` checks the real parameters."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
