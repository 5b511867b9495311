"""The stores of the use cases on users, members, sessions and invitations."""

from __future__ import annotations

from collections.abc import Sequence
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
    SessionState,
    SigningKey,
    User,
)
from penstock.core.tenancy.store import HasKeys, HasProjects
from penstock.kit.ids import CustomerId, GroupId, InvitationId, KeyId, MailId, ResidentId, SessionId, UserId
from penstock.kit.ordering import After


class UserStore(Protocol):
    """Users, who belong to no single organisation, and their credentials."""

    async def create(self, user: User) -> None:
        """Add a user. The caller has checked in the same transaction that the e-mail is free."""

    async def find(self, user_id: UserId) -> User | None:
        """The user with this id."""

    async def find_by_email(self, email: str) -> User | None:
        """The user with this e-mail, whatever its case."""

    async def update(self, user: User) -> None:
        """Update name, password and suspension."""

    async def memberships(self, user_id: UserId) -> list[Membership]:
        """The organisations of a user, oldest membership first."""

    async def find_factor(self, user_id: UserId) -> Factor | None:
        """The second factor, confirmed or not."""

    async def set_factor(self, factor: Factor) -> None:
        """Set the second factor, replacing an existing one."""

    async def delete_factor(self, user_id: UserId) -> None:
        """Delete the second factor and its recovery codes."""

    async def use_step(self, user_id: UserId, step: int) -> bool:
        """Consume a time step of the second factor; False if it or a later one was already used."""

    async def replace_recovery_codes(self, user_id: UserId, digests: list[bytes]) -> None:
        """Replace all recovery codes."""

    async def use_recovery_code(self, user_id: UserId, digest: bytes) -> bool:
        """Consume a recovery code; False if it does not exist."""

    async def count_recovery_codes(self, user_id: UserId) -> int:
        """The number of unused recovery codes."""

    async def add_reset_token(self, user_id: UserId, digest: bytes, now_us: int, expires_us: int) -> None:
        """Add a token that allows its bearer to set another password; it replaces the user's earlier one."""

    async def last_reset_us(self, user_id: UserId) -> int:
        """When the latest such token was created; 0 for none."""

    async def use_reset_token(self, digest: bytes, now_us: int) -> UserId | None:
        """Consume a token, and with it all others of the user. Returns the user's id, or None if the token is not valid."""

    async def end_resets(self, user_id: UserId) -> None:
        """Delete the user's tokens of this kind."""

    async def list(self, limit: int, after_id: int) -> list[User]:
        """Users by id, above `after_id`."""


class SessionLookup(Protocol):
    """Sessions by the token that a caller presents: the organisation is the result, not the filter."""

    async def find_by_refresh(self, digest: bytes) -> Session | None:
        """The session whose refresh token has this keyed hash."""

    async def find_by_spent(self, digest: bytes) -> Session | None:
        """The session whose refresh token once had this keyed hash."""

    async def standing(self, session_id: SessionId) -> SessionState | None:
        """A session with everything its permissions depend on."""

    async def revoke_everywhere(self, user_id: UserId, now_us: int, but: SessionId = SessionId(0)) -> list[SessionId]:
        """End a user's sessions in every organisation, except one. Returns the ids of the ended sessions."""

    async def places(self, limit: int) -> list[tuple[str, str]]:
        """The e-mails and addresses of the latest sessions of all users, the latest last."""

    async def drop_ended(self, before_us: int) -> int:
        """Delete sessions that ended before a time. Returns their number."""


class SessionStore(Protocol):
    """Sessions of the transaction's organisation."""

    async def create(self, session: Session, refresh_digest: bytes) -> None:
        """Add a session with the keyed hash of its refresh token."""

    async def find(self, session_id: SessionId) -> Session | None:
        """The session with this id."""

    async def rotate(self, session: Session, old_digest: bytes, new_digest: bytes, now_us: int) -> bool:
        """Replace the refresh token; False if the old one is not, or no longer, the session's."""

    async def touch(self, session_id: SessionId, now_us: int) -> None:
        """Note that a session was used, unless it was revoked."""

    async def set_methods(self, session_id: SessionId, methods: tuple[str, ...]) -> None:
        """Update the authentication methods of a session."""

    async def revoke(self, session_id: SessionId, now_us: int) -> bool:
        """End a session; False if it had already ended."""

    async def revoke_of(self, user_id: UserId, now_us: int) -> list[SessionId]:
        """End all sessions of a user in this organisation. Returns their ids."""

    async def list(self, user_id: UserId, alive_us: int, used_since_us: int, limit: int, before_id: int | None) -> list[Session]:
        """A user's sessions that are active at a time, newest first, with ids below `before_id`."""


class MemberStore(Protocol):
    """Members of the transaction's organisation, and its settings."""

    async def create(
        self,
        user_id: UserId,
        role: Role,
        now_us: int,
        resident_id: ResidentId | None = None,
        customer_id: CustomerId | None = None,
    ) -> None:
        """Make a user a member."""

    async def find(self, user_id: UserId) -> Member | None:
        """The member with this id."""

    async def find_by_email(self, email: str) -> Member | None:
        """The member with this e-mail."""

    async def of_resident(self, resident_id: ResidentId) -> list[Member]:
        """The members who sign in as a resident."""

    async def of_customer(self, customer_id: CustomerId) -> list[Member]:
        """The members who are managers of a customer."""

    async def set_role(self, user_id: UserId, role: Role) -> None:
        """Set a member's role."""

    async def delete(self, user_id: UserId) -> None:
        """Remove a member from the organisation and all its groups."""

    async def count_owners(self) -> int:
        """The number of owners."""

    async def revoke_keys_of(self, user_id: UserId, now_us: int) -> list[KeyId]:
        """Revoke the API keys whose root is a user. Returns the ids of those that were not revoked before."""

    async def end_resets(self, user_id: UserId) -> None:
        """Delete the tokens that allow their bearer to set another password of this user."""

    async def settings(self) -> OrganizationSettings:
        """The organisation's settings."""

    async def set_settings(self, settings: OrganizationSettings) -> None:
        """Update the organisation's settings.

        Raises:
            OrganizationExists: another organisation has the name.
        """

    async def list(self, limit: int, after: After) -> list[Member]:
        """Members after a place or an id, by default by id."""


class GroupStore(Protocol):
    """Groups of the transaction's organisation."""

    async def create(self, group: Group) -> None:
        """Add a group.

        Raises:
            GroupExists: a group with this name exists.
        """

    async def find(self, group_id: GroupId) -> Group | None:
        """The group with this id."""

    async def rename(self, group_id: GroupId, name: str) -> None:
        """Rename a group.

        Raises:
            GroupExists: a group with this name exists.
        """

    async def delete(self, group_id: GroupId) -> None:
        """Delete a group; its members remain members of the organisation."""

    async def add(self, group_id: GroupId, user_id: UserId, now_us: int) -> bool:
        """Add a member to a group; False if they are already in it."""

    async def remove(self, group_id: GroupId, user_id: UserId) -> bool:
        """Remove a member from a group; False if they are not in it."""

    async def members(self, group_id: GroupId, limit: int, after_id: int) -> list[Member]:
        """The members of a group by id, above `after_id`."""

    async def names_of(self, user_id: UserId) -> list[str]:
        """The names of a member's groups."""

    async def list(self, limit: int, after: After) -> list[Group]:
        """Groups after a place or an id, by default by id."""


class InvitationStore(Protocol):
    """Invitations of the transaction's organisation."""

    async def create(self, invitation: Invitation, digest: bytes) -> None:
        """Add an invitation with the keyed hash of its token."""

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        """The invitation with this id."""

    async def find_pending(self, email: str, now_us: int) -> Invitation | None:
        """The open invitation for this e-mail."""

    async def update(self, invitation: Invitation) -> None:
        """Update when and by which actor it was sent, when it expires, and whether it was accepted or withdrawn."""

    async def withdraw(self, email: str, created_by: Sequence[str], now_us: int) -> int:
        """Withdraw the open invitations for this e-mail and those by these makers (public ids). Returns their number."""

    async def replace_digest(self, invitation_id: InvitationId, digest: bytes) -> None:
        """Replace the token."""

    async def list(self, limit: int, after: After) -> list[Invitation]:
        """Invitations after a place or before an id, by default newest first."""


class InvitationLookup(Protocol):
    """Invitations by the token that a caller presents."""

    async def find_by_token(self, digest: bytes) -> Invitation | None:
        """The invitation whose token has this keyed hash."""


class SigningKeyStore(Protocol):
    """The keys that sign tokens."""

    async def create(self, key: SigningKey) -> None:
        """Add a key."""

    async def retire(self, now_us: int) -> None:
        """Retire all active keys."""

    async def drop_retired(self, before_us: int) -> None:
        """Delete keys that were retired before a time."""

    async def list(self) -> list[SigningKey]:
        """All keys, newest first."""


class MailOutbox(Protocol):
    """Mail of the transaction's organisation."""

    async def add(self, mail: QueuedMail) -> None:
        """Queue a mail, in the running transaction."""


class MailQueue(Protocol):
    """Mail of all organisations, for the worker that sends it."""

    async def due(self, now_us: int, limit: int) -> list[QueuedMail]:
        """Mail that is due, oldest first."""

    async def delete(self, mail_id: MailId) -> None:
        """Delete a mail."""

    async def postpone(self, mail_id: MailId, due_us: int) -> None:
        """Schedule the next attempt after a failed one."""


class HasMembers(Protocol):
    """A transaction with members."""

    @property
    def members(self) -> MemberStore:
        """Members, and the organisation's settings."""


class HasSessions(Protocol):
    """A transaction with sessions."""

    @property
    def sessions(self) -> SessionStore:
        """Sessions of the organisation."""


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
        """Mail to users."""


class HasUsers(Protocol):
    """A transaction across organisations with users."""

    @property
    def users(self) -> UserStore:
        """Users and their credentials."""


class HasSessionLookup(Protocol):
    """A transaction across organisations with sessions."""

    @property
    def sessions(self) -> SessionLookup:
        """Sessions by the token that a caller presents."""


class HasInvitationLookup(Protocol):
    """A transaction across organisations with invitations."""

    @property
    def invitations(self) -> InvitationLookup:
        """Invitations by the token that a caller presents."""


class HasSigningKeys(Protocol):
    """A transaction across organisations with signing keys."""

    @property
    def signing_keys(self) -> SigningKeyStore:
        """The keys that sign access tokens."""


class HasMailQueue(Protocol):
    """A transaction across organisations with mail."""

    @property
    def mail(self) -> MailQueue:
        """Queued mail."""


class ResidentLookup(Protocol):
    """Residents, as far as use cases on users need them."""

    async def find(self, resident_id: ResidentId) -> object | None:
        """One resident, or None."""


class CustomerLookup(Protocol):
    """Customers, as far as use cases on users need them."""

    async def find(self, customer_id: CustomerId) -> object | None:
        """One customer, or None."""


class PeopleTransaction(HasMembers, HasSessions, HasGroups, HasInvitations, HasMail, HasProjects, HasKeys, HasAudit, Protocol):
    """The transaction of use cases on members of an organisation."""

    @property
    def customers(self) -> CustomerLookup:
        """Customers."""

    @property
    def residents(self) -> ResidentLookup:
        """The residents that members sign in as."""


class PeopleSystemTransaction(
    HasUsers, HasSessionLookup, HasInvitationLookup, HasSigningKeys, OpensOrganizations[PeopleTransaction], Protocol
):
    """The transaction of use cases on users across organisations."""
