"""The ports of the use cases on users: passwords, sealing, signatures, mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.people.models import Enclosure, Group, MailFile, MailOutcome, Member, Message, Role
from penstock.core.people.store import PeopleTransaction
from penstock.kit.ids import OrgId, UserId
from penstock.kit.secret import hides


class Passwords(Protocol):
    """Hashes and verifies passwords, slowly by design and outside the event loop."""

    async def hash(self, password: str) -> str:
        """The stored form of a password.

        Raises:
            Unavailable: too many passwords are waiting.
        """

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether a password matches a hash. A malformed hash matches nothing, and takes as long to check.

        Raises:
            Unavailable: too many passwords are waiting.
        """


class Box(Protocol):
    """Seals bytes so that only this server can open them, and only for the owner they were sealed for."""

    def seal(self, content: bytes, belongs_to: str) -> bytes:
        """Encrypt content so that it can neither be read nor changed."""

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt sealed content.

        Raises:
            ValueError: it was changed, or sealed for another owner or by another server.
        """


@hides("private")
class KeyPair(msgspec.Struct, frozen=True):
    """A new key: its name, and both parts as the algorithm encodes them (32 raw bytes each for Ed25519)."""

    kid: str
    private: bytes
    public: bytes


class Signatures(Protocol):
    """JSON Web Tokens signed with one algorithm only. Source: RFC 7515, 7519, 8037."""

    def new_key(self) -> KeyPair:
        """A new key; its name is the thumbprint of the public part (RFC 7638)."""

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        """A token with this payload."""

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        """The payload of a token that one of the server's keys signed, or None. `public_of` looks up keys by name.

        Also None for every header other than `alg`, `kid` and `typ`, for another algorithm, and for any non-canonical encoding.
        """


class InvitationMeter(Protocol):
    """Counts the invitations that an organisation sends, because their recipients did not ask for them."""

    def take(self, org_id: OrgId) -> None:
        """Count one.

        Raises:
            LimitExceeded: the organisation's allowance for today is exhausted.
        """


class MemberWatcher(Protocol):
    """Is notified of changes of members and groups, in their transactions and before they are made.

    What people had is thereby given up together with their membership. An error prevents the change.
    """

    async def removing(self, tx: PeopleTransaction, actor: Actor, member: Member) -> None:
        """A member is about to be removed, after their keys were revoked."""

    async def changing_role(self, tx: PeopleTransaction, actor: Actor, member: Member, role: Role) -> None:
        """A member is about to get another role."""

    async def suspending(self, tx: PeopleTransaction, actor: Actor, user_id: UserId) -> None:
        """The operator is about to suspend a user, in each of their organisations."""

    async def deleting_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A group is about to be deleted."""

    async def joining_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A member is about to join a group.

        Raises:
            PenstockError: the caller must not give what was granted to the group.
        """


class Mailer(Protocol):
    """Passes a message to a mail server."""

    async def send(self, message: Message, files: Sequence[MailFile] = ()) -> None:
        """Send a message with files; returns when the mail server has accepted it.

        Raises:
            MailFailed: the mail server did not accept it; retry later.
        """


class Enclosures(Protocol):
    """The files of mails that enclose one kind of thing, and the outcomes of the mails."""

    async def files(self, org_id: OrgId, enclosure: Enclosure) -> list[MailFile]:
        """The files.

        Raises:
            PenstockError: they cannot be made; the mail is dropped.
        """

    async def record(self, org_id: OrgId, enclosure: Enclosure, outcome: MailOutcome) -> None:
        """Record an attempt. It is recorded again if the server ends before the mail is removed from the queue."""
