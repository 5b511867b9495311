"""Signatures whose libraries are imported at the first token: that takes 40 ms, which would delay every server's start."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from penstock.core.people.ports import KeyPair, Signatures


class SignaturesOnDemand:
    """Implements `Signatures` by those that `make` returns, made at the first call."""

    def __init__(self, make: Callable[[], Signatures]) -> None:
        self._make = make

    def new_key(self) -> KeyPair:
        return self._made.new_key()

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        return self._made.sign(payload, kid, private)

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        return self._made.verify(token, public_of)

    @cached_property
    def _made(self) -> Signatures:
        return self._make()
