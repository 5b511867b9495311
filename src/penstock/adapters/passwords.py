"""Passwords of people: argon2id with the library's current parameters."""

from __future__ import annotations

from argon2 import PasswordHasher


def hash_password(password: str) -> str:
    """The stored form of a password, with its salt and parameters."""
    return PasswordHasher().hash(password)
