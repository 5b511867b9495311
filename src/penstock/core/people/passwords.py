"""Passwords: changed with the current one, or reset with a token from a mail to the account."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.backoff import Backoff
from penstock.core.people.config import PeopleConfig
from penstock.core.people.errors import MailTokenInvalid, PasswordWrong
from penstock.core.people.mail import MailComposer
from penstock.core.people.models import Client, Membership, User
from penstock.core.people.policy import check_password
from penstock.core.people.ports import Passwords
from penstock.core.people.roles import check_person
from penstock.core.people.store import PeopleSystemTransaction
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.clock import MINUTE_US, SECOND_US, Clock
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import Pepper, new_credential, well_formed

TOKEN_PREFIX = "prw_"  # noqa: S105  (the prefix of a token, not a token)
MAX_FORGOTTEN = 1_000
MAIL_PAUSE_US = MINUTE_US
"""The minimum time between two reset mails to one person, however many are requested."""


class PasswordService:
    """Passwords of users."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        passwords: Passwords,
        authenticator: SessionAuthenticator,
        backoff: Backoff,
        mail_backoff: Backoff,
        post: MailComposer,
        trail: AuditTrail,
        pepper: Pepper,
        clock: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._authenticator = authenticator
        self._backoff = backoff
        self._mail_backoff = mail_backoff
        self._post = post
        self._trail = trail
        self._pepper = pepper
        self._clock = clock
        self._config = config
        self._forgotten: dict[str, str] = {}

    async def change(self, actor: Actor, present: str, new_password: str) -> None:
        """Change the password. All other sessions of the user end, in every organisation.

        Raises:
            SessionRequired, PasswordWrong, TooManyAttempts.
            InvalidInput: the new one is too weak; the response reveals why.
        """
        check_person(actor)
        check_password(new_password, actor.name, self._config.min_password_length, "new_password")
        attempt = self._backoff.begin(actor.name, actor.address)
        async with self._database.system_snapshot() as view:
            user = await view.users.find(actor.user_id)
        if user is None:
            raise CredentialInvalid()
        if not await self._passwords.verify(user.password_hash, present):
            raise PasswordWrong()
        self._backoff.succeed(attempt)
        password_hash = await self._passwords.hash(new_password)
        async with self._database.system() as tx:
            await tx.users.update(msgspec.structs.replace(user, password_hash=password_hash))
            ended = await tx.sessions.revoke_everywhere(user.id, self._clock.now_us(), but=actor.session_id)
            scoped = tx.for_organization(actor.org_id)
            await self._trail.record(scoped, actor, "auth.password.change", _target(user), sessions_ended=len(ended))
            await self._post.notify_change(scoped, actor.org_id, user.email, "Your password was changed.")
        self._authenticator.drop_user(user.id)

    def forget(self, email: str, client: Client) -> None:
        """Request a mail to reset the password.

        The response does not reveal whether the e-mail has an account: a worker checks later.

        Raises:
            TooManyAttempts: too many mails were requested from this address.
        """
        self._mail_backoff.begin(email, client.address)
        if len(self._forgotten) < MAX_FORGOTTEN:
            self._forgotten[email] = client.address

    async def mail_forgotten(self) -> None:
        """Write the requested mails. If writing fails, those that are left are kept for the next time."""
        while self._forgotten:
            email, address = next(iter(self._forgotten.items()))
            async with self._database.system() as tx:
                await self._mail_one(tx, email, address)
            del self._forgotten[email]  # after the commit

    async def _mail_one(self, tx: PeopleSystemTransaction, email: str, address: str) -> None:
        now_us = self._clock.now_us()
        user = await tx.users.find_by_email(email)
        memberships = await tx.users.memberships(user.id) if user else []
        if user is None or user.suspended_us is not None or not memberships:
            return
        if now_us - await tx.users.last_reset_us(user.id) < MAIL_PAUSE_US:
            return
        token = new_credential(TOKEN_PREFIX)
        expires_us = now_us + self._config.reset_token_s * SECOND_US
        await tx.users.add_reset_token(user.id, self._pepper.digest(token.encode()), now_us, expires_us)
        # A user belongs to no organisation, but mails and audit entries do: those of the oldest membership are used.
        scoped = tx.for_organization(memberships[0].org_id)
        await self._post.reset(scoped, memberships[0].org_id, user.email, token, expires_us)
        actor = _user_actor(user, memberships[0], address)
        await self._trail.record(scoped, actor, "auth.password.forgot", _target(user))

    async def reset(self, token: str, new_password: str, client: Client) -> None:
        """Set another password with a token from a mail. All sessions of the user end, in every organisation.

        The second factor is kept: access to the mailbox proves only the first factor.

        Raises:
            MailTokenInvalid.
            InvalidInput: the password is too weak; the token can be used again.
        """
        if not token.isascii() or not well_formed(token, TOKEN_PREFIX):
            raise MailTokenInvalid()
        # The length is checked before anything expensive happens; the other checks need the account's name.
        check_password(new_password, "", self._config.min_password_length)
        digest = self._pepper.digest(token.encode())
        # Before the transaction: hashing is slow by design, and there is one writer at a time.
        password_hash = await self._passwords.hash(new_password)
        now_us = self._clock.now_us()
        async with self._database.system() as tx:
            user_id = await tx.users.use_reset_token(digest, now_us)
            user = await tx.users.find(user_id) if user_id is not None else None
            if user is None or user.suspended_us is not None:
                raise MailTokenInvalid()
            # If this raises, the transaction is rolled back, and the token can be used again.
            check_password(new_password, user.email, self._config.min_password_length)
            await tx.users.update(msgspec.structs.replace(user, password_hash=password_hash))
            ended = await tx.sessions.revoke_everywhere(user.id, now_us)
            memberships = await tx.users.memberships(user.id)
            for membership in memberships:
                actor = _user_actor(user, membership, client.address)
                scoped = tx.for_organization(membership.org_id)
                await self._trail.record(scoped, actor, "auth.password.reset", _target(user), sessions_ended=len(ended))
            if memberships:
                org_id = memberships[0].org_id
                await self._post.notify_change(tx.for_organization(org_id), org_id, user.email, "Your password was reset.")
        self._authenticator.drop_user(user.id)


def _user_actor(user: User, membership: Membership, address: str) -> Actor:
    return Actor(org_id=membership.org_id, kind=ActorKind.USER, id=user.id, name=user.email, address=address)


def _target(user: User) -> Target:
    return Target("user", encode(Prefix.USER, user.id), user.email)
