"""Links that the operator hands to a browser on this machine: printed at the start, valid once, and forgotten with the process.

A link's token is all that its opener needs, so it is as long as a key, and only its hash is kept.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from penstock.core.people.errors import LinkInvalid
from penstock.kit.secret import new_credential, well_formed

TOKEN_PREFIX = "pol_"  # noqa: S105  (the prefix of a token, not a token)
MAX_LINKS = 1_000


class Purpose(StrEnum):
    """What a link is for."""

    SETUP = "setup"
    SIGN_IN = "sign_in"


class OneTimeLinks:
    """The links that were issued and not yet used, in memory."""

    def __init__(self) -> None:
        self._open: dict[bytes, tuple[Purpose, str]] = {}

    def issue(self, purpose: Purpose, subject: str = "") -> str:
        """A new token. `subject` is returned to its user: the e-mail to sign in. The oldest ends if there are too many."""
        token = new_credential(TOKEN_PREFIX)
        while len(self._open) >= MAX_LINKS:
            del self._open[next(iter(self._open))]
        self._open[_digest(token)] = purpose, subject
        return token

    def check(self, purpose: Purpose, token: str) -> str:
        """The subject of a token, which stays valid.

        Raises:
            LinkInvalid: it is unknown, used, or for something else.
        """
        found = self._open.get(_digest(token)) if token.isascii() and well_formed(token, TOKEN_PREFIX) else None
        if found is None or found[0] is not purpose:
            raise LinkInvalid()
        return found[1]

    def take(self, purpose: Purpose, token: str) -> str:
        """The subject of a token, which becomes invalid.

        Raises:
            LinkInvalid: it is unknown, used, or for something else.
        """
        subject = self.check(purpose, token)
        del self._open[_digest(token)]
        return subject

    def end(self, purpose: Purpose) -> None:
        """Make all tokens for a purpose invalid."""
        self._open = {digest: found for digest, found in self._open.items() if found[0] is not purpose}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
