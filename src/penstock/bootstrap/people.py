"""Builds the services for users: sign-in, sessions, members and mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from penstock.adapters.mail.folder import FolderMailer
from penstock.adapters.passwords import Argon2Passwords
from penstock.adapters.sealing import SealedBox
from penstock.adapters.signatures_on_demand import SignaturesOnDemand
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.system.jwks import JwksEndpoints
from penstock.api.v2.people.group_routes import GroupEndpoints
from penstock.api.v2.people.invitation_routes import InvitationEndpoints
from penstock.api.v2.people.member_routes import MemberEndpoints
from penstock.api.v2.people.profile_routes import ProfileEndpoints
from penstock.api.v2.people.sign_in_routes import SignInEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.watchers import Watchers
from penstock.core.audit.trail import AuditTrail
from penstock.core.limits.allowance import DailyAllowance
from penstock.core.limits.limiter import Limiter
from penstock.core.people.attempts import AttemptLog
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.backoff import Backoff
from penstock.core.people.browser_sessions import BrowserSessions
from penstock.core.people.config import PeopleConfig
from penstock.core.people.groups import GroupService
from penstock.core.people.invitations import InvitationService
from penstock.core.people.mail import MailComposer
from penstock.core.people.members import MemberService
from penstock.core.people.one_time_links import OneTimeLinks
from penstock.core.people.operator import UserService
from penstock.core.people.passwords import PasswordService
from penstock.core.people.ports import Enclosures, Mailer, Signatures
from penstock.core.people.profile import ProfileService
from penstock.core.people.second_factor import CodeChecker, SecondFactorService
from penstock.core.people.sessions import SessionService
from penstock.core.people.sign_in import SignInService
from penstock.core.people.signing import SigningKeys
from penstock.core.people.tokens import TokenMaker
from penstock.core.system.operators import Operators
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, KeyId, UserId
from penstock.kit.secret import Pepper, hides
from penstock.settings import Settings
from penstock.workers.people import MailWorker, PeopleWorker


@hides("passwords")
class People(msgspec.Struct, kw_only=True):
    """The services for users."""

    authenticator: SessionAuthenticator
    signing_keys: SigningKeys
    sign_in: SignInService
    sessions: SessionService
    browsers: BrowserSessions
    passwords: PasswordService
    second_factor: SecondFactorService
    profile: ProfileService
    members: MemberService
    groups: GroupService
    invitations: InvitationService
    users: UserService
    attempts: AttemptLog
    post: MailComposer
    mailer: Mailer
    box: SealedBox
    operators: Operators

    @property
    def links(self) -> OneTimeLinks:
        """The links of the operator."""
        return self.sign_in.links

    def part(
        self,
        database: SqliteDatabase,
        plans: PlanCatalogue,
        clock: Clock,
        settled: Clock,
        enclosures: Mapping[str, Enclosures],
    ) -> Part:
        """Endpoints and loops for users. `enclosures` make the files of mails, by kind."""
        worker = PeopleWorker(
            attempts=self.attempts, passwords=self.passwords, sessions=self.sessions, keys=self.signing_keys, settled=settled
        )
        mail = MailWorker(database=database, post=self.post, mailer=self.mailer, clock=clock, enclosures=enclosures)
        return Part(
            endpoints=(
                SignInEndpoints(self.sign_in, self.sessions, self.passwords, self.invitations),
                ProfileEndpoints(self.profile, self.passwords, self.second_factor, self.sessions, self.operators),
                MemberEndpoints(self.members, self.sessions, plans),
                GroupEndpoints(self.groups),
                InvitationEndpoints(self.invitations, clock),
                JwksEndpoints(self.signing_keys),
            ),
            loops={"people": worker.run, "mail": mail.run},
        )


@hides("pepper")
class _Parts(msgspec.Struct, kw_only=True):
    """The objects that most of the services share."""

    database: SqliteDatabase
    config: PeopleConfig
    clock: Clock
    ids: IdSource
    trail: AuditTrail
    pepper: Pepper
    box: SealedBox
    hashing: Argon2Passwords
    backoff: Backoff
    post: MailComposer
    authenticator: SessionAuthenticator
    watcher: Watchers
    links: OneTimeLinks = msgspec.field(default_factory=OneTimeLinks)


def _signatures() -> Signatures:
    from penstock.adapters.signatures import Ed25519Signatures  # here, because the library takes 40 ms to import

    return Ed25519Signatures()


def build_people(
    database: SqliteDatabase,
    data_dir: DataDir,
    settings: Settings,
    clock: Clock,
    limiter: Limiter | None = None,
    *,
    settled: Clock | None = None,
    on_person_change: Callable[[UserId], None] = lambda _: None,
    on_settings_change: Callable[[], None] = lambda: None,
    on_key_change: Callable[[KeyId], None] = lambda _: None,
) -> People:
    """Build the services from the control database. `limiter` and `settled` are those of the running server."""
    config, pepper, ids, trail = settings.people, data_dir.pepper(), IdSource(clock.now_us), AuditTrail(clock)
    box, signatures = SealedBox(pepper), SignaturesOnDemand(_signatures)
    keys = SigningKeys(database=database, signatures=signatures, box=box, settled=settled or clock, config=config)
    maker = TokenMaker(keys=keys, pepper=pepper, clock=clock, config=config)
    authenticator = SessionAuthenticator(database=database, keys=keys, maker=maker, clock=clock, config=config)
    sessions = SessionService(
        database=database, maker=maker, authenticator=authenticator, trail=trail, ids=ids, clock=clock, config=config
    )
    parts = _Parts(
        database=database,
        config=config,
        clock=clock,
        ids=ids,
        trail=trail,
        pepper=pepper,
        box=box,
        hashing=Argon2Passwords(),
        backoff=_backoff(clock, config),
        post=MailComposer(box=box, ids=ids, clock=clock, app_url=config.app_url),
        authenticator=authenticator,
        watcher=Watchers(trail, ids, clock),
    )
    codes, attempts = CodeChecker(box=box, pepper=pepper, clock=clock), AttemptLog(database, trail)
    return People(
        authenticator=authenticator,
        signing_keys=keys,
        sign_in=_sign_in(parts, sessions, codes, attempts),
        sessions=sessions,
        browsers=BrowserSessions(database, maker, clock, sessions.end_stolen),
        passwords=_passwords(parts),
        second_factor=_second_factor(parts, codes),
        profile=ProfileService(database, trail),
        members=_members(parts, on_person_change, on_settings_change),
        groups=GroupService(database=database, watcher=parts.watcher, trail=trail, ids=ids, clock=clock),
        invitations=_invitations(parts, Limiter(clock) if limiter is None else limiter, on_key_change),
        users=_users(parts, on_person_change),
        attempts=attempts,
        post=parts.post,
        mailer=_mailer(data_dir, settings),
        box=box,
        operators=Operators(settings.system, database),
    )


def _mailer(data_dir: DataDir, settings: Settings) -> Mailer:
    if not settings.mail.host:
        return FolderMailer(data_dir.mail, settings.mail.sender)
    from penstock.adapters.mail.smtp import SmtpMailer  # here, because a server that writes mails to files does not need it

    return SmtpMailer(settings.mail)


def _backoff(clock: Clock, config: PeopleConfig) -> Backoff:
    return Backoff(
        clock,
        per_account=config.attempts_per_account,
        per_address=config.attempts_per_address,
        max_wait_s=config.max_wait_s,
    )


def _members(parts: _Parts, on_person_change: Callable[[UserId], None], on_settings_change: Callable[[], None]) -> MemberService:
    return MemberService(
        database=parts.database,
        authenticator=parts.authenticator,
        trail=parts.trail,
        clock=parts.clock,
        watcher=parts.watcher,
        on_person_change=on_person_change,
        on_settings_change=on_settings_change,
    )


def _users(parts: _Parts, on_person_change: Callable[[UserId], None]) -> UserService:
    return UserService(
        database=parts.database,
        authenticator=parts.authenticator,
        trail=parts.trail,
        clock=parts.clock,
        watcher=parts.watcher,
        on_person_change=on_person_change,
    )


def _sign_in(parts: _Parts, sessions: SessionService, codes: CodeChecker, attempts: AttemptLog) -> SignInService:
    return SignInService(
        database=parts.database,
        sessions=sessions,
        passwords=parts.hashing,
        codes=codes,
        backoff=parts.backoff,
        attempts=attempts,
        trail=parts.trail,
        box=parts.box,
        links=parts.links,
        clock=parts.clock,
        config=parts.config,
    )


def _passwords(parts: _Parts) -> PasswordService:
    return PasswordService(
        database=parts.database,
        passwords=parts.hashing,
        authenticator=parts.authenticator,
        backoff=parts.backoff,
        # Separate from `backoff`, so that requested mails and failed sign-ins do not lock out each other.
        mail_backoff=_backoff(parts.clock, parts.config),
        post=parts.post,
        trail=parts.trail,
        pepper=parts.pepper,
        clock=parts.clock,
        config=parts.config,
    )


def _second_factor(parts: _Parts, codes: CodeChecker) -> SecondFactorService:
    return SecondFactorService(
        database=parts.database,
        codes=codes,
        passwords=parts.hashing,
        authenticator=parts.authenticator,
        backoff=parts.backoff,
        post=parts.post,
        trail=parts.trail,
        box=parts.box,
        clock=parts.clock,
        issuer=parts.config.issuer,
    )


def _invitations(parts: _Parts, limiter: Limiter, on_key_change: Callable[[KeyId], None]) -> InvitationService:
    return InvitationService(
        database=parts.database,
        passwords=parts.hashing,
        backoff=parts.backoff,
        post=parts.post,
        trail=parts.trail,
        pepper=parts.pepper,
        ids=parts.ids,
        clock=parts.clock,
        config=parts.config,
        meter=DailyAllowance(limiter, "invitations", parts.config.invitations_per_day, "invitations"),
        on_key_change=on_key_change,
    )
