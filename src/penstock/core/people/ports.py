"""What the use cases on people need of the outside: passwords, sealing, signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from penstock.core.people.models import Message
from penstock.kit.secret import hides


class Passwords(Protocol):
    """Hashes and verifies passwords, slowly on purpose and beside the event loop."""

    async def hash(self, password: str) -> str:
        """The stored form of a password.

        Raises:
            Unavailable: too many wait already.
        """

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether a password is the one that was hashed. A hash that is none is nobody's, and takes as long.

        Raises:
            Unavailable: too many wait already.
        """


class Box(Protocol):
    """Seals bytes so that only this server can open them, and only where they belong."""

    def seal(self, content: bytes, belongs_to: str) -> bytes:
        """Content that nobody can read or change."""

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """The content again.

        Raises:
            ValueError: it was changed, or sealed for something else or by somebody else.
        """


@hides("private")
class KeyPair(msgspec.Struct, frozen=True):
    """A new key: its name, and both parts as the algorithm writes them (32 raw bytes each for Ed25519)."""

    kid: str
    private: bytes
    public: bytes


class Signatures(Protocol):
    """JSON Web Tokens signed with one algorithm, and nothing else. Source: RFC 7515, 7519, 8037."""

    def new_key(self) -> KeyPair:
        """A new key; its name is the thumbprint of the public part (RFC 7638)."""

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        """A token with this payload."""

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        """The payload of a token that one of our keys signed, or None. `public_of` knows keys by name.

        None also for every header but `alg`, `kid` and `typ`, for another algorithm, and for any spelling but the usual.
        """


class Mailer(Protocol):
    """Hands a message to whoever delivers it."""

    async def send(self, message: Message) -> None:
        """Send, and return when it is out of our hands.

        Raises:
            MailFailed: not now; try again later.
        """
