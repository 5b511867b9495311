"""The second factor of a user: enrolled, confirmed with a first code, removed; and the verification of codes."""

from __future__ import annotations

import secrets

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.backoff import Backoff
from penstock.core.people.errors import (
    CodeWrong,
    PasswordWrong,
    SecondFactorExists,
    SecondFactorForced,
    SecondFactorMissing,
)
from penstock.core.people.mail import MailComposer
from penstock.core.people.models import PASSWORD, SECOND_FACTOR, Enrolment, Factor
from penstock.core.people.ports import Box, Passwords
from penstock.core.people.roles import check_person
from penstock.core.people.store import PeopleSystemTransaction, UserStore
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.core.vault import totp
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import Prefix, UserId, encode
from penstock.kit.secret import Pepper

RECOVERY_CODES = 10
# Crockford's base 32: without i, l and o, which are mistaken for digits, and without u.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_DIGITS = 10


class CodeChecker:
    """Verifies codes. Each works once, also across restarts."""

    def __init__(self, *, box: Box, pepper: Pepper, clock: Clock) -> None:
        self._box = box
        self._pepper = pepper
        self._clock = clock

    async def use(self, users: UserStore, factor: Factor, code: str) -> str | None:
        """Consume a code in the running transaction. Returns `totp` or `recovery`, or None if the code is wrong."""
        if factor.confirmed_us is not None and await users.use_recovery_code(
            factor.user_id, self.recovery_digest(factor.user_id, code)
        ):
            return "recovery"
        return "totp" if await self.use_totp(users, factor, code) else None

    async def use_totp(self, users: UserStore, factor: Factor, code: str) -> bool:
        """Consume a code of the factor itself."""
        now_s = self._clock.now_us() / SECOND_US
        secret = self._box.open(factor.sealed, seal_name(factor.user_id))
        step = totp.matching_step(
            secret,
            "".join(code.split()),
            now_s,
            algorithm=factor.algorithm,
            digits=factor.digits,
            after_step=factor.last_step,
        )
        # The factor may have been read before this transaction. Of two simultaneous uses of a code, the store accepts one.
        return step is not None and await users.use_step(factor.user_id, step)

    def recovery_digest(self, user_id: UserId, code: str) -> bytes:
        """The keyed hash of a recovery code, bound to its user; case, blanks and dashes are ignored."""
        bare = "".join(code.lower().replace("-", "").split())
        return self._pepper.digest(f"recovery {user_id} {bare}".encode())


class SecondFactorService:
    """The signed-in user's second factor."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        codes: CodeChecker,
        passwords: Passwords,
        authenticator: SessionAuthenticator,
        backoff: Backoff,
        post: MailComposer,
        trail: AuditTrail,
        box: Box,
        clock: Clock,
        issuer: str,
    ) -> None:
        self._database = database
        self._codes = codes
        self._passwords = passwords
        self._authenticator = authenticator
        self._backoff = backoff
        self._post = post
        self._trail = trail
        self._box = box
        self._clock = clock
        self._issuer = issuer

    async def enrol(self, actor: Actor, algorithm: str = "SHA1", digits: int = 6) -> Enrolment:
        """Start an enrolment; the factor has no effect until it is confirmed. Enrolling again replaces an unconfirmed factor.

        Raises:
            SessionRequired.
            SecondFactorExists: a confirmed factor exists.
        """
        check_person(actor)
        secret = secrets.token_bytes(totp.SECRET_BYTES[algorithm])
        factor = Factor(
            user_id=actor.user_id,
            sealed=self._box.seal(secret, seal_name(actor.user_id)),
            algorithm=algorithm,
            digits=digits,
            created_us=self._clock.now_us(),
        )
        async with self._database.system() as tx:
            present = await tx.users.find_factor(actor.user_id)
            if present is not None and present.confirmed_us is not None:
                raise SecondFactorExists()
            await tx.users.set_factor(factor)
            await self._trail.record(
                tx.for_organization(actor.org_id), actor, "auth.mfa.enrol", _target(actor), algorithm=algorithm
            )
        uri = totp.otpauth_uri(secret, issuer=self._issuer, account=actor.name, algorithm=algorithm, digits=digits)
        return Enrolment(secret=totp.to_base32(secret), uri=uri, algorithm=algorithm, digits=digits)

    async def confirm(self, actor: Actor, code: str) -> list[str]:
        """Confirm the factor with a code; from now on codes are required. Returns the recovery codes, which are shown only here.

        The current session counts as authenticated with it.

        Raises:
            SessionRequired, CodeWrong, TooManyAttempts.
            SecondFactorMissing: no enrolment is pending.
            SecondFactorExists: it was already confirmed.
        """
        check_person(actor)
        attempt = self._backoff.begin(actor.name, actor.address)
        recovery = [_new_code() for _ in range(RECOVERY_CODES)]
        async with self._database.system() as tx:
            factor = await tx.users.find_factor(actor.user_id)
            if factor is None:
                raise SecondFactorMissing()
            if factor.confirmed_us is not None:
                raise SecondFactorExists()
            if not await self._codes.use_totp(tx.users, factor, code):
                raise CodeWrong()
            # Read again, because the code set `last_step`: storing the earlier state would allow the same code to be used
            # again.
            used = await tx.users.find_factor(actor.user_id)
            assert used is not None
            await tx.users.set_factor(msgspec.structs.replace(used, confirmed_us=self._clock.now_us()))
            await tx.users.replace_recovery_codes(
                actor.user_id, [self._codes.recovery_digest(actor.user_id, one) for one in recovery]
            )
            scoped = tx.for_organization(actor.org_id)
            await scoped.sessions.set_methods(actor.session_id, (PASSWORD, SECOND_FACTOR))
            await self._trail.record(scoped, actor, "auth.mfa.enable", _target(actor))
            await self._post.notify_change(scoped, actor.org_id, actor.name, "A second factor was added to your account.")
        self._backoff.succeed(attempt)
        self._authenticator.drop_user(actor.user_id)
        return recovery

    async def remove(self, actor: Actor, password: str, code: str) -> None:
        """Remove the second factor; requires the password and a code.

        Raises:
            SessionRequired, PasswordWrong, CodeWrong, TooManyAttempts.
            SecondFactorMissing: there is none.
            SecondFactorForced: an organisation of this user requires one.
        """
        check_person(actor)
        attempt = self._backoff.begin(actor.name, actor.address)
        async with self._database.system_snapshot() as view:
            user = await view.users.find(actor.user_id)
        if user is None:
            raise CredentialInvalid()
        if not await self._passwords.verify(user.password_hash, password):
            raise PasswordWrong()
        async with self._database.system() as tx:
            factor = await self._removable(tx, actor)
            if await self._codes.use(tx.users, factor, code) is None:
                raise CodeWrong()
            await tx.users.delete_factor(actor.user_id)
            await tx.users.end_resets(actor.user_id)
            scoped = tx.for_organization(actor.org_id)
            await self._trail.record(scoped, actor, "auth.mfa.disable", _target(actor))
            await self._post.notify_change(scoped, actor.org_id, actor.name, "The second factor was removed from your account.")
        self._backoff.succeed(attempt)
        self._authenticator.drop_user(actor.user_id)

    async def _removable(self, tx: PeopleSystemTransaction, actor: Actor) -> Factor:
        factor = await tx.users.find_factor(actor.user_id)
        if factor is None or factor.confirmed_us is None:
            raise SecondFactorMissing()
        if any(one.require_mfa for one in await tx.users.memberships(actor.user_id)):
            raise SecondFactorForced()
        return factor


def seal_name(user_id: UserId) -> str:
    """The owner that a seed is sealed for: a seed of one user cannot be opened for another."""
    return encode(Prefix.USER, user_id)


def _new_code() -> str:
    digits = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_DIGITS))
    return f"{digits[:5]}-{digits[5:]}"


def _target(actor: Actor) -> Target:
    return Target("user", encode(Prefix.USER, actor.user_id), actor.name)
