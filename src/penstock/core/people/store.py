"""What the use cases on people need of a store."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.people.models import (
    Factor,
    Group,
    Invitation,
    Member,
    Membership,
    OrganizationSettings,
    QueuedMail,
    Role,
    Session,
    SigningKey,
    Standing,
    User,
)
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import GroupId, InvitationId, KeyId, MailId, ResidentId, SessionId, UserId


class UserStore(Protocol):
    """Users, who belong to no single organisation, and what proves them."""

    async def create(self, user: User) -> None:
        """Add a user. The caller looked in the same transaction whether the e-mail is free."""

    async def find(self, user_id: UserId) -> User | None:
        """The user with this id."""

    async def find_by_email(self, email: str) -> User | None:
        """The user with this e-mail, in whichever case."""

    async def update(self, user: User) -> None:
        """Write name, password and suspension."""

    async def memberships(self, user_id: UserId) -> list[Membership]:
        """The organisations of a user, oldest membership first."""

    async def find_factor(self, user_id: UserId) -> Factor | None:
        """The second factor, confirmed or not."""

    async def set_factor(self, factor: Factor) -> None:
        """Put a second factor in place of the one that is there."""

    async def delete_factor(self, user_id: UserId) -> None:
        """Remove the second factor and its recovery codes."""

    async def use_step(self, user_id: UserId, step: int) -> bool:
        """Use up a time step of the second factor; False when it or a later one was used."""

    async def replace_recovery_codes(self, user_id: UserId, digests: list[bytes]) -> None:
        """Make these the only recovery codes."""

    async def use_recovery_code(self, user_id: UserId, digest: bytes) -> bool:
        """Use up a recovery code; False when there is none such."""

    async def count_recovery_codes(self, user_id: UserId) -> int:
        """How many are left."""

    async def add_reset_token(self, user_id: UserId, digest: bytes, now_us: int, expires_us: int) -> None:
        """Add a token that lets its bearer set another password; those that have run out are dropped."""

    async def last_reset_us(self, user_id: UserId) -> int:
        """When the latest such token was made; 0 for none."""

    async def use_reset_token(self, digest: bytes, now_us: int) -> UserId | None:
        """Use up a token, and with it every other of the user; the user's id, or None when it lets nobody in."""

    async def list(self, limit: int, after_id: int) -> list[User]:
        """Users by id, after one."""


class SessionLookup(Protocol):
    """Sessions by what a caller shows: the organisation is the answer, not the filter."""

    async def find_by_refresh(self, digest: bytes) -> Session | None:
        """The session whose refresh token has this keyed hash."""

    async def find_by_spent(self, digest: bytes) -> Session | None:
        """The session whose refresh token once had this keyed hash."""

    async def standing(self, session_id: SessionId) -> Standing | None:
        """A session with all on which its rights depend."""

    async def revoke_everywhere(self, user_id: UserId, now_us: int, but: SessionId = SessionId(0)) -> list[SessionId]:
        """End a user's sessions in every organisation, but for one; which were ended."""

    async def drop_ended(self, before_us: int) -> int:
        """Remove sessions that ended before a time; how many."""


class SessionStore(Protocol):
    """Sessions of the transaction's organisation."""

    async def create(self, session: Session, refresh_digest: bytes) -> None:
        """Add a session with the keyed hash of its refresh token."""

    async def find(self, session_id: SessionId) -> Session | None:
        """The session with this id."""

    async def rotate(self, session: Session, old_digest: bytes, new_digest: bytes, now_us: int) -> bool:
        """Replace the refresh token; False when the old one is not, or no longer, the session's."""

    async def set_methods(self, session_id: SessionId, methods: tuple[str, ...]) -> None:
        """Write how the person of a session proved who they are."""

    async def revoke(self, session_id: SessionId, now_us: int) -> bool:
        """End a session; False when it had ended."""

    async def revoke_of(self, user_id: UserId, now_us: int) -> list[SessionId]:
        """End every session of a user here; which were ended."""

    async def list(self, user_id: UserId, alive_us: int, used_since_us: int) -> list[Session]:
        """A user's sessions that are alive at a time, newest first."""


class MemberStore(Protocol):
    """Members of the transaction's organisation, and what it sets for them."""

    async def create(self, user_id: UserId, role: Role, now_us: int, resident_id: ResidentId | None = None) -> None:
        """Make a user a member."""

    async def find(self, user_id: UserId) -> Member | None:
        """The member with this id."""

    async def find_by_email(self, email: str) -> Member | None:
        """The member with this e-mail."""

    async def of_resident(self, resident_id: ResidentId) -> list[Member]:
        """The people who sign in as a resident."""

    async def set_role(self, user_id: UserId, role: Role) -> None:
        """Give a member another role."""

    async def delete(self, user_id: UserId) -> None:
        """Remove a member from the organisation and every group of it."""

    async def count_owners(self) -> int:
        """How many owners there are."""

    async def revoke_keys_of(self, created_by: str, now_us: int) -> list[KeyId]:
        """End the API keys that somebody (by public id) made and that are not ended; which."""

    async def settings(self) -> OrganizationSettings:
        """What the organisation sets."""

    async def set_settings(self, settings: OrganizationSettings) -> None:
        """Write what the organisation sets.

        Raises:
            OrganizationExists: another has the name.
        """

    async def list(self, limit: int, after_id: int) -> list[Member]:
        """Members by id, after one."""


class GroupStore(Protocol):
    """Groups of the transaction's organisation."""

    async def create(self, group: Group) -> None:
        """Add a group.

        Raises:
            GroupExists: there is one of this name.
        """

    async def find(self, group_id: GroupId) -> Group | None:
        """The group with this id."""

    async def rename(self, group_id: GroupId, name: str) -> None:
        """Give a group another name.

        Raises:
            GroupExists: there is one of this name.
        """

    async def delete(self, group_id: GroupId) -> None:
        """Remove a group; its members stay members of the organisation."""

    async def add(self, group_id: GroupId, user_id: UserId, now_us: int) -> bool:
        """Add a member to a group; False when they are in it."""

    async def remove(self, group_id: GroupId, user_id: UserId) -> bool:
        """Take a member out of a group; False when they are not in it."""

    async def members(self, group_id: GroupId, limit: int, after_id: int) -> list[Member]:
        """The members of a group by id, after one."""

    async def names_of(self, user_id: UserId) -> list[str]:
        """The names of the groups that a member is in."""

    async def list(self, limit: int, after_id: int) -> list[Group]:
        """Groups by id, after one."""


class InvitationStore(Protocol):
    """Invitations of the transaction's organisation."""

    async def create(self, invitation: Invitation, digest: bytes) -> None:
        """Add an invitation with the keyed hash of its token."""

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        """The invitation with this id."""

    async def find_pending(self, email: str, now_us: int) -> Invitation | None:
        """The invitation of this e-mail that can still be accepted."""

    async def update(self, invitation: Invitation) -> None:
        """Write when it was sent, ends, was accepted or withdrawn."""

    async def replace_digest(self, invitation_id: InvitationId, digest: bytes) -> None:
        """Make another token the only one."""

    async def list(self, limit: int, before_id: int | None) -> list[Invitation]:
        """Invitations newest first."""


class InvitationLookup(Protocol):
    """Invitations by the token that a caller shows."""

    async def find_by_token(self, digest: bytes) -> Invitation | None:
        """The invitation whose token has this keyed hash."""


class SigningKeyStore(Protocol):
    """The keys that sign tokens."""

    async def create(self, key: SigningKey) -> None:
        """Add a key."""

    async def retire(self, now_us: int) -> None:
        """Mark every key that is not retired as retired."""

    async def drop_retired(self, before_us: int) -> None:
        """Remove keys that were retired before a time."""

    async def list(self) -> list[SigningKey]:
        """All keys, newest first."""


class MailOutbox(Protocol):
    """Mail of the transaction's organisation."""

    async def add(self, mail: QueuedMail) -> None:
        """Queue a mail, in the running transaction."""


class MailQueue(Protocol):
    """Mail of every organisation, for the worker that sends it."""

    async def due(self, now_us: int, limit: int) -> list[QueuedMail]:
        """Mail whose time has come, the oldest first."""

    async def delete(self, mail_id: MailId) -> None:
        """Forget a mail."""

    async def postpone(self, mail_id: MailId, due_us: int) -> None:
        """Try again at a time, after one more failed attempt."""


class HasMembers(Protocol):
    """A transaction with members."""

    @property
    def members(self) -> MemberStore:
        """Members, and what the organisation sets for them."""


class HasSessions(Protocol):
    """A transaction with sessions."""

    @property
    def sessions(self) -> SessionStore:
        """Sessions of people in the organisation."""


class HasGroups(Protocol):
    """A transaction with groups."""

    @property
    def groups(self) -> GroupStore:
        """Groups of members."""


class HasInvitations(Protocol):
    """A transaction with invitations."""

    @property
    def invitations(self) -> InvitationStore:
        """Invitations to join."""


class HasMail(Protocol):
    """A transaction with mail."""

    @property
    def mail(self) -> MailOutbox:
        """Mail to people."""


class HasUsers(Protocol):
    """A transaction across organisations with users."""

    @property
    def users(self) -> UserStore:
        """Users, and what proves them."""


class HasSessionLookup(Protocol):
    """A transaction across organisations with sessions."""

    @property
    def sessions(self) -> SessionLookup:
        """Sessions by what a caller shows."""


class HasInvitationLookup(Protocol):
    """A transaction across organisations with invitations."""

    @property
    def invitations(self) -> InvitationLookup:
        """Invitations by what a caller shows."""


class HasSigningKeys(Protocol):
    """A transaction across organisations with signing keys."""

    @property
    def signing_keys(self) -> SigningKeyStore:
        """The keys that sign people's tokens."""


class HasMailQueue(Protocol):
    """A transaction across organisations with mail."""

    @property
    def mail(self) -> MailQueue:
        """Mail that waits to be sent."""


class ResidentLookup(Protocol):
    """Residents, as far as people have to know of them."""

    async def find(self, resident_id: ResidentId) -> object | None:
        """One resident, or None."""


class PeopleTransaction(HasMembers, HasSessions, HasGroups, HasInvitations, HasMail, HasProjects, HasAudit, Protocol):
    """What use cases on members of an organisation work with."""

    @property
    def residents(self) -> ResidentLookup:
        """Residents whom people sign in as."""


class PeopleSystemTransaction(
    HasUsers, HasSessionLookup, HasInvitationLookup, HasSigningKeys, OpensOrganizations[PeopleTransaction], Protocol
):
    """What use cases on people work with, whichever organisations they belong to."""
