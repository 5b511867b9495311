"""Invitations by e-mail: the only way to join an organisation.

The token proves that the recipient can read the mail. The password proves that the account is theirs: it is the current one if an
account exists, and otherwise one they choose.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.people.backoff import Backoff
from penstock.core.people.config import PeopleConfig
from penstock.core.people.errors import (
    InvitationEnded,
    InvitationExists,
    InvitationNotFound,
    MailTokenInvalid,
    MemberExists,
    ResidentNotFound,
    SignInFailed,
)
from penstock.core.people.mail import MailComposer
from penstock.core.people.members import check_gives_role
from penstock.core.people.models import VISITOR, Client, Invitation, InvitationStatus, Joined, Role, User
from penstock.core.people.policy import check_password
from penstock.core.people.ports import InvitationMeter, Passwords
from penstock.core.people.roles import BOUND, SCOPES, check_invites, still_invites
from penstock.core.people.standing import granted_now
from penstock.core.people.store import PeopleSystemTransaction, PeopleTransaction
from penstock.core.tenancy.roots import adopt_first_keys
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import CustomerId, IdSource, InvitationId, KeyId, OrgId, Prefix, ResidentId, UserId, decode, encode
from penstock.kit.ordering import WHOLE, Field, Ordering, View
from penstock.kit.paging import Page
from penstock.kit.secret import Pepper, new_credential, well_formed

TOKEN_PREFIX = "pin_"  # noqa: S105  (the prefix of a token, not a token)
_ORDERING: Ordering[Invitation] = Ordering("-created_at", {"email": Field("email")})


class InvitationService:
    """Invitations, in CRUD order, then their acceptance.

    `on_key_change` is called with each key that got another root, after the commit and before the call returns.
    """

    def __init__(
        self,
        *,
        database: Database[PeopleTransaction, PeopleSystemTransaction],
        passwords: Passwords,
        backoff: Backoff,
        post: MailComposer,
        trail: AuditTrail,
        pepper: Pepper,
        ids: IdSource,
        clock: Clock,
        config: PeopleConfig,
        meter: InvitationMeter,
        on_key_change: Callable[[KeyId], None],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._meter = meter
        self._on_key_change = on_key_change
        self._backoff = backoff
        self._post = post
        self._trail = trail
        self._pepper = pepper
        self._ids = ids
        self._clock = clock
        self._config = config

    async def create(
        self,
        actor: Actor,
        email: str,
        role: Role,
        resident_id: ResidentId | None = None,
        customer_id: CustomerId | None = None,
    ) -> Invitation:
        """Invite a person; the mail is queued when this returns. The response does not reveal whether they have an account.

        Raises:
            RoleNotAllowed: the role has more permissions than the caller.
            KeyRestricted: the caller is a key with restrictions, which the member would not have.
            ScopeMissing: the person would be a resident or a manager, and the caller must not read what these read.
            MemberExists, InvitationExists.
            ResidentNotFound: the organisation has no resident with this id.
            LimitExceeded: the organisation has sent too many invitations today.
        """
        check_invites(actor, role)
        invitation = self._new(actor.org_id, email, role, _name_of(actor), _public_id(actor), resident_id, customer_id)
        now_us, token = invitation.created_us, new_credential(TOKEN_PREFIX)
        async with self._database.transaction(actor.org_id) as tx:
            await _check_maker(tx, actor, role)
            if resident_id is not None and await tx.residents.find(resident_id) is None:
                raise ResidentNotFound(resident_id=encode(Prefix.RESIDENT, resident_id))
            if await tx.members.find_by_email(email) is not None:
                raise MemberExists(email=email)
            if await tx.invitations.find_pending(email, now_us) is not None:
                raise InvitationExists(email=email)
            self._meter.take(actor.org_id)
            await tx.invitations.create(invitation, self._pepper.digest(token.encode()))
            await self._post.invite(tx, invitation, (await tx.members.settings()).name, token)
            await self._trail.record(tx, actor, "org.user.invite", _target(invitation), after={"role": role.value})
        return invitation

    async def invite_owner(self, tx: PeopleTransaction, org_id: OrgId, email: str) -> None:
        """Invite, in the running transaction, the owner of an organisation that a visitor has just created.

        The user who has the mailbox accepts it like any invitation. Until then the organisation has no members.
        """
        invitation, token = self._new(org_id, email, Role.OWNER, VISITOR), new_credential(TOKEN_PREFIX)
        await tx.invitations.create(invitation, self._pepper.digest(token.encode()))
        await self._post.invite(tx, invitation, (await tx.members.settings()).name, token)

    def _new(
        self,
        org_id: OrgId,
        email: str,
        role: Role,
        name: str,
        created_by: str = "",
        resident_id: ResidentId | None = None,
        customer_id: CustomerId | None = None,
    ) -> Invitation:
        now_us = self._clock.now_us()
        return Invitation(
            id=self._ids.next(InvitationId),
            org_id=org_id,
            email=email,
            role=role,
            invited_by=name,
            created_us=now_us,
            sent_us=now_us,
            expires_us=now_us + self._config.invitation_s * SECOND_US,
            resident_id=resident_id,
            customer_id=customer_id,
            created_by=created_by,
        )

    async def get(self, actor: Actor, invitation_id: InvitationId) -> Invitation:
        """One invitation.

        Raises:
            InvitationNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, invitation_id)

    async def resend(self, actor: Actor, invitation_id: InvitationId) -> Invitation:
        """Send an invitation again, with another token and the full lifetime; the old token becomes invalid.

        Raises:
            InvitationNotFound, RoleNotAllowed, KeyRestricted, ScopeMissing.
            InvitationEnded: it was accepted or withdrawn.
            LimitExceeded: the organisation has sent too many invitations today.
        """
        now_us = self._clock.now_us()
        token = new_credential(TOKEN_PREFIX)
        async with self._database.transaction(actor.org_id) as tx:
            invitation = await _get_open(tx, invitation_id, now_us)
            # A new token is as good as a new invitation, so a caller must not resend one that they could not create.
            check_invites(actor, invitation.role)
            await _check_maker(tx, actor, invitation.role)
            self._meter.take(actor.org_id)
            expires_us = now_us + self._config.invitation_s * SECOND_US
            again = msgspec.structs.replace(invitation, sent_us=now_us, expires_us=expires_us)
            if not invitation.by_visitor:  # from now on it depends on the rights of the one who sent it again
                again = msgspec.structs.replace(again, invited_by=_name_of(actor), created_by=_public_id(actor))
            await tx.invitations.update(again)
            await tx.invitations.replace_digest(invitation_id, self._pepper.digest(token.encode()))
            await self._post.invite(tx, again, (await tx.members.settings()).name, token)
            await self._trail.record(tx, actor, "org.invitation.resend", _target(again))
        return again

    async def withdraw(self, actor: Actor, invitation_id: InvitationId) -> None:
        """Withdraw an invitation; it remains in the list. Repeating the call has no effect.

        Raises:
            InvitationNotFound.
            InvitationEnded: it was accepted; remove the member instead.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            invitation = await _get(tx, invitation_id)
            if invitation.accepted_us is not None:
                raise InvitationEnded(status=InvitationStatus.ACCEPTED.value)
            if invitation.withdrawn_us is None:
                await tx.invitations.update(msgspec.structs.replace(invitation, withdrawn_us=now_us))
                await self._trail.record(tx, actor, "org.invitation.withdraw", _target(invitation))

    async def accept(self, token: str, password: str, name: str, client: Client) -> Joined:
        """Join with the token of an invitation.

        Raises:
            MailTokenInvalid: the token is unknown, used, withdrawn or expired.
            SignInFailed: an account with this e-mail exists and has another password.
            InvalidInput: no account exists, and the password is too weak for a new one.
            TooManyAttempts.
        """
        if not token.isascii() or not well_formed(token, TOKEN_PREFIX):
            raise MailTokenInvalid()
        digest = self._pepper.digest(token.encode())
        # Only a snapshot: hashing is slow by design and must not hold the one writer. `_join` reads the invitation again.
        async with self._database.system_snapshot() as tx:
            invitation = await self._acceptable(tx, digest)
            user = await tx.users.find_by_email(invitation.email)
        if user is None:
            check_password(password, invitation.email, self._config.min_password_length)
            password_hash = await self._passwords.hash(password)
        else:
            attempt = self._backoff.begin(user.email, client.address)
            right = await self._passwords.verify(user.password_hash, password)
            if not right or user.suspended_us is not None:
                raise SignInFailed()
            self._backoff.succeed(attempt)
            password_hash = user.password_hash
        return await self._join(digest, user, password_hash, name, client)

    async def list(self, actor: Actor, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Invitation]:
        """Invitations, newest first, including those that ended."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.invitations.list(limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def _join(self, digest: bytes, user: User | None, password_hash: str, name: str, client: Client) -> Joined:
        now_us = self._clock.now_us()
        async with self._database.system() as tx:
            invitation = await self._acceptable(tx, digest)  # again: it may have been used in the meantime
            if user is None:
                if await tx.users.find_by_email(invitation.email) is not None:
                    raise MailTokenInvalid()  # an account was created in the meantime: accept again, with its password
                user = User(
                    id=self._ids.next(UserId), email=invitation.email, name=name, password_hash=password_hash, created_us=now_us
                )
                await tx.users.create(user)
            scoped = tx.for_organization(invitation.org_id)
            key_ids: list[KeyId] = []
            # The user can have joined through a second invitation while this one was expired; their role is then unchanged.
            if await scoped.members.find(user.id) is None:
                if invitation.role is Role.OWNER and await scoped.members.count_owners() == 0:
                    key_ids = await adopt_first_keys(scoped, user.id)
                await scoped.members.create(user.id, invitation.role, now_us, invitation.resident_id, invitation.customer_id)
            await scoped.invitations.update(msgspec.structs.replace(invitation, accepted_us=now_us))
            actor = Actor(org_id=invitation.org_id, kind=ActorKind.USER, id=user.id, name=user.email, address=client.address)
            target = Target("user", encode(Prefix.USER, user.id), user.email)
            after = {"role": invitation.role.value, "invited_by": invitation.invited_by}
            answers_for = [encode(Prefix.KEY, key_id) for key_id in key_ids] or None
            await self._trail.record(scoped, actor, "org.user.join", target, after=after, answers_for=answers_for)
        for key_id in key_ids:
            self._on_key_change(key_id)
        return Joined(user_id=user.id, org_id=invitation.org_id, email=user.email, role=invitation.role)

    async def _acceptable(self, tx: PeopleSystemTransaction, digest: bytes) -> Invitation:
        invitation = await tx.invitations.find_by_token(digest)
        if invitation is None or invitation.status(self._clock.now_us()) is not InvitationStatus.PENDING:
            raise MailTokenInvalid()
        resident_id = invitation.resident_id
        if resident_id is not None and await tx.for_organization(invitation.org_id).residents.find(resident_id) is None:
            raise MailTokenInvalid()  # the resident moved out before joining
        customer_id = invitation.customer_id
        if customer_id is not None and await tx.for_organization(invitation.org_id).customers.find(customer_id) is None:
            raise MailTokenInvalid()  # the customer was deleted before their manager joined
        if not await _may_still_invite(tx, invitation):
            raise MailTokenInvalid()
        return invitation


async def _may_still_invite(tx: PeopleSystemTransaction, invitation: Invitation) -> bool:
    """Whether the member or key that invited could do so today.

    The member may have been suspended, or have a lower role now. So may the root of the key, and the key may have been revoked,
    for example because it leaked.
    """
    scoped = tx.for_organization(invitation.org_id)
    key_id, user_id = decode(Prefix.KEY, invitation.created_by), decode(Prefix.USER, invitation.created_by)
    if key_id is not None:
        return still_invites(await granted_now(scoped, KeyId(key_id)), invitation.role)
    if user_id is None:
        return True  # a visitor, or the invitation is older than this record
    maker = await scoped.members.find(user_id)
    user = await tx.users.find(user_id)
    if maker is None or user is None or user.suspended_us is not None:
        return False
    return still_invites(SCOPES[maker.role], invitation.role)


async def _check_maker(tx: PeopleTransaction, actor: Actor, role: Role) -> None:
    # These roles see only their own part of the organisation, with every key alike.
    if role not in BOUND:
        await check_gives_role(tx, actor)


async def _get(tx: PeopleTransaction, invitation_id: InvitationId) -> Invitation:
    invitation = await tx.invitations.find(invitation_id)
    if invitation is None:
        raise InvitationNotFound(invitation_id=encode(Prefix.INVITATION, invitation_id))
    return invitation


async def _get_open(tx: PeopleTransaction, invitation_id: InvitationId, now_us: int) -> Invitation:
    """An invitation that can be sent again: pending or expired."""
    invitation = await _get(tx, invitation_id)
    status = invitation.status(now_us)
    if status in (InvitationStatus.ACCEPTED, InvitationStatus.WITHDRAWN):
        raise InvitationEnded(status=status.value)
    return invitation


def _name_of(actor: Actor) -> str:
    return actor.name or actor.kind.value


def _public_id(actor: Actor) -> str:
    if actor.kind is ActorKind.USER:
        return encode(Prefix.USER, actor.user_id)
    return encode(Prefix.KEY, actor.key_id) if actor.kind is ActorKind.KEY else ""


def _target(invitation: Invitation) -> Target:
    return Target("invitation", encode(Prefix.INVITATION, invitation.id), invitation.email)
