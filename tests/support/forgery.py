"""Secrets that are nearly right."""

from __future__ import annotations


def one_character_off(secret: str) -> str:
    """Return `secret` with another last character: a constant one would be the right one now and then."""
    return secret[:-1] + ("x" if secret[-1] != "x" else "y")
