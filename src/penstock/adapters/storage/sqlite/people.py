"""Users, sessions, members, groups, invitations, signing keys and mail: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from penstock.adapters.storage.sqlite.connection import Session as Connection
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.people.errors import GroupExists
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
from penstock.core.tenancy.errors import OrganizationExists
from penstock.kit.ids import MAX_ID, CustomerId, GroupId, InvitationId, KeyId, MailId, OrgId, ResidentId, SessionId, UserId
from penstock.kit.ordering import After


class SqliteUsers:
    """Implements `UserStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def create(self, user: User) -> None:
        await self._connection.run("insert_user", msgspec.structs.asdict(user))

    async def find(self, user_id: UserId) -> User | None:
        row = await self._connection.one("find_user", {"id": user_id})
        return User(**dict(row)) if row else None

    async def find_by_email(self, email: str) -> User | None:
        row = await self._connection.one("find_user_by_email", {"email": email})
        return User(**dict(row)) if row else None

    async def update(self, user: User) -> None:
        await self._connection.run("update_user", msgspec.structs.asdict(user))
        await _note_change(self._connection)

    async def memberships(self, user_id: UserId) -> list[Membership]:
        rows = await self._connection.all("list_memberships", {"user_id": user_id})
        return [_membership(row) for row in rows]

    async def find_factor(self, user_id: UserId) -> Factor | None:
        row = await self._connection.one("find_second_factor", {"user_id": user_id})
        return Factor(**dict(row)) if row else None

    async def set_factor(self, factor: Factor) -> None:
        await self._connection.run("set_second_factor", msgspec.structs.asdict(factor))

    async def delete_factor(self, user_id: UserId) -> None:
        await self._connection.run("delete_recovery_codes", {"user_id": user_id})
        await self._connection.run("delete_second_factor", {"user_id": user_id})

    async def use_step(self, user_id: UserId, step: int) -> bool:
        return await self._connection.run("use_factor_step", {"user_id": user_id, "step": step}) == 1

    async def replace_recovery_codes(self, user_id: UserId, digests: list[bytes]) -> None:
        await self._connection.run("delete_recovery_codes", {"user_id": user_id})
        await self._connection.run_many("add_recovery_code", [{"user_id": user_id, "digest": digest} for digest in digests])

    async def use_recovery_code(self, user_id: UserId, digest: bytes) -> bool:
        return await self._connection.run("use_recovery_code", {"user_id": user_id, "digest": digest}) == 1

    async def count_recovery_codes(self, user_id: UserId) -> int:
        row = await self._connection.one("count_recovery_codes", {"user_id": user_id})
        return int(row["left"]) if row else 0

    async def add_reset_token(self, user_id: UserId, digest: bytes, now_us: int, expires_us: int) -> None:
        await self.end_resets(user_id)
        params = {"user_id": user_id, "digest": digest, "created_us": now_us, "expires_us": expires_us}
        await self._connection.run("add_reset_token", params)

    async def last_reset_us(self, user_id: UserId) -> int:
        row = await self._connection.one("find_last_reset", {"user_id": user_id})
        return int(row["created_us"] or 0) if row else 0

    async def use_reset_token(self, digest: bytes, now_us: int) -> UserId | None:
        row = await self._connection.one("find_reset_token", {"digest": digest, "now_us": now_us})
        if row is None:
            return None
        await self.end_resets(row["user_id"])
        return UserId(row["user_id"])

    async def end_resets(self, user_id: UserId) -> None:
        await self._connection.run("delete_reset_tokens", {"user_id": user_id})

    async def list(self, limit: int, after_id: int) -> list[User]:
        rows = await self._connection.all("list_users", {"limit": limit, "after_id": after_id})
        return [User(**dict(row)) for row in rows]


class SqliteSystemSessions:
    """Implements `SessionLookup`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find_by_refresh(self, digest: bytes) -> Session | None:
        row = await self._connection.one("find_session_by_refresh", {"digest": digest})
        return _session(row) if row else None

    async def find_by_spent(self, digest: bytes) -> Session | None:
        row = await self._connection.one("find_session_by_spent", {"digest": digest})
        return _session(row) if row else None

    async def standing(self, session_id: SessionId) -> SessionState | None:
        row = await self._connection.one("find_standing", {"id": session_id})
        if row is None:
            return None
        return SessionState(
            session=_session(row),
            email=row["email"],
            user_suspended=bool(row["user_suspended"]),
            role=Role(row["role"]) if row["role"] else None,
            require_mfa=bool(row["require_mfa"]),
            resident_id=row["resident_id"],
            customer_id=row["customer_id"],
        )

    async def revoke_everywhere(self, user_id: UserId, now_us: int, but: SessionId = SessionId(0)) -> list[SessionId]:
        params = {"user_id": user_id, "now_us": now_us, "but": but}
        ended = [SessionId(row["id"]) for row in await self._connection.all("list_sessions_everywhere", params)]
        await self._connection.run("revoke_sessions_everywhere", params)
        await _note_change(self._connection)
        return ended

    async def places(self, limit: int) -> list[tuple[str, str]]:
        rows = await self._connection.all("list_latest_places", {"limit": limit})
        return [(row["email"], row["address"]) for row in reversed(rows)]

    async def drop_ended(self, before_us: int) -> int:
        return await self._connection.run("drop_ended_sessions", {"before_us": before_us})


class SqliteSessions:
    """Implements `SessionStore`."""

    def __init__(self, connection: Connection, org_id: OrgId) -> None:
        self._connection = connection
        self._org_id = org_id

    async def create(self, session: Session, refresh_digest: bytes) -> None:
        params = msgspec.structs.asdict(session) | {"methods": " ".join(session.methods), "refresh_digest": refresh_digest}
        await self._connection.run("create_session", params)

    async def find(self, session_id: SessionId) -> Session | None:
        row = await self._connection.one("find_session", {"org_id": self._org_id, "id": session_id})
        return _session(row) if row else None

    async def rotate(self, session: Session, old_digest: bytes, new_digest: bytes, now_us: int) -> bool:
        params = {"org_id": self._org_id, "id": session.id, "old_digest": old_digest, "new_digest": new_digest, "now_us": now_us}
        if await self._connection.run("rotate_refresh", params) != 1:
            return False
        spent = {"digest": old_digest, "org_id": self._org_id, "session_id": session.id}
        await self._connection.run("spend_refresh", spent)
        return True

    async def touch(self, session_id: SessionId, now_us: int) -> None:
        await self._connection.run("touch_session", {"org_id": self._org_id, "id": session_id, "now_us": now_us})

    async def set_methods(self, session_id: SessionId, methods: tuple[str, ...]) -> None:
        params = {"org_id": self._org_id, "id": session_id, "methods": " ".join(methods)}
        await self._connection.run("set_session_methods", params)

    async def revoke(self, session_id: SessionId, now_us: int) -> bool:
        params = {"org_id": self._org_id, "id": session_id, "now_us": now_us}
        ended = await self._connection.run("revoke_session", params) == 1
        await _note_change(self._connection)
        return ended

    async def revoke_of(self, user_id: UserId, now_us: int) -> list[SessionId]:
        params = {"org_id": self._org_id, "user_id": user_id, "now_us": now_us}
        ended = [SessionId(row["id"]) for row in await self._connection.all("list_open_sessions", params)]
        await self._connection.run("revoke_sessions_of", params)
        await _note_change(self._connection)
        return ended

    async def list(self, user_id: UserId, alive_us: int, used_since_us: int, limit: int, before_id: int | None) -> list[Session]:
        params = {"org_id": self._org_id, "user_id": user_id, "alive_us": alive_us, "used_since_us": used_since_us}
        params |= {"limit": limit, "before_id": MAX_ID if before_id is None else before_id}
        return [_session(row) for row in await self._connection.all("list_sessions", params)]


class SqliteMembers:
    """Implements `MemberStore`."""

    def __init__(self, connection: Connection, org_id: OrgId) -> None:
        self._connection = connection
        self._org_id = org_id

    async def create(
        self,
        user_id: UserId,
        role: Role,
        now_us: int,
        resident_id: ResidentId | None = None,
        customer_id: CustomerId | None = None,
    ) -> None:
        params = {
            "org_id": self._org_id,
            "user_id": user_id,
            "role": role.value,
            "created_us": now_us,
            "resident_id": resident_id,
            "customer_id": customer_id,
        }
        await self._connection.run("create_member", params)

    async def find(self, user_id: UserId) -> Member | None:
        row = await self._connection.one("find_member", {"org_id": self._org_id, "user_id": user_id})
        return _member(row) if row else None

    async def find_by_email(self, email: str) -> Member | None:
        row = await self._connection.one("find_member_by_email", {"org_id": self._org_id, "email": email})
        return _member(row) if row else None

    async def of_resident(self, resident_id: ResidentId) -> list[Member]:
        params = {"org_id": self._org_id, "resident_id": resident_id}
        return [_member(row) for row in await self._connection.all("list_members_of_resident", params)]

    async def of_customer(self, customer_id: CustomerId) -> list[Member]:
        params = {"org_id": self._org_id, "customer_id": customer_id}
        return [_member(row) for row in await self._connection.all("list_managers_of_customer", params)]

    async def set_role(self, user_id: UserId, role: Role) -> None:
        await self._connection.run("set_member_role", {"org_id": self._org_id, "user_id": user_id, "role": role.value})
        await _note_change(self._connection)

    async def delete(self, user_id: UserId) -> None:
        params = {"org_id": self._org_id, "user_id": user_id}
        await self._connection.run("leave_groups", params)
        await self._connection.run("delete_member", params)
        await _note_change(self._connection)

    async def count_owners(self) -> int:
        row = await self._connection.one("count_owners", {"org_id": self._org_id})
        return int(row["owners"]) if row else 0

    async def revoke_keys_of(self, user_id: UserId, now_us: int) -> list[KeyId]:
        params = {"org_id": self._org_id, "root_id": user_id, "now_us": now_us}
        ended = [KeyId(row["id"]) for row in await self._connection.all("list_keys_of_root", params)]
        await self._connection.run("revoke_keys_of_root", params)
        await _note_change(self._connection)
        return ended

    async def end_resets(self, user_id: UserId) -> None:
        await self._connection.run("delete_reset_tokens", {"user_id": user_id})

    async def settings(self) -> OrganizationSettings:
        row = await self._connection.one("find_organization_settings", {"id": self._org_id})
        assert row is not None
        return OrganizationSettings(name=row["name"], require_mfa=bool(row["require_mfa"]))

    async def set_settings(self, settings: OrganizationSettings) -> None:
        params = {"id": self._org_id, "name": settings.name, "require_mfa": settings.require_mfa}
        try:
            await self._connection.run("set_organization_settings", params)
        except sqlite3.IntegrityError as error:
            raise OrganizationExists(name=settings.name) from error
        await _note_change(self._connection)

    async def list(self, limit: int, after: After) -> list[Member]:
        own = {"org_id": self._org_id}
        return [_member(row) for row in await rows_from(self._connection, "list_members", after, limit, own)]


class SqliteGroups:
    """Implements `GroupStore`."""

    def __init__(self, connection: Connection, org_id: OrgId) -> None:
        self._connection = connection
        self._org_id = org_id

    async def create(self, group: Group) -> None:
        params = {"id": group.id, "org_id": self._org_id, "name": group.name, "created_us": group.created_us}
        try:
            await self._connection.run("create_group", params)
        except sqlite3.IntegrityError as error:
            raise GroupExists(name=group.name) from error

    async def find(self, group_id: GroupId) -> Group | None:
        row = await self._connection.one("find_group", {"org_id": self._org_id, "id": group_id})
        return Group(**dict(row)) if row else None

    async def rename(self, group_id: GroupId, name: str) -> None:
        try:
            await self._connection.run("rename_group", {"org_id": self._org_id, "id": group_id, "name": name})
        except sqlite3.IntegrityError as error:
            raise GroupExists(name=name) from error

    async def delete(self, group_id: GroupId) -> None:
        await self._connection.run("delete_group", {"org_id": self._org_id, "id": group_id})

    async def add(self, group_id: GroupId, user_id: UserId, now_us: int) -> bool:
        params = {"org_id": self._org_id, "group_id": group_id, "user_id": user_id, "created_us": now_us}
        return await self._connection.run("join_group", params) == 1

    async def remove(self, group_id: GroupId, user_id: UserId) -> bool:
        params = {"org_id": self._org_id, "group_id": group_id, "user_id": user_id}
        return await self._connection.run("leave_group", params) == 1

    async def members(self, group_id: GroupId, limit: int, after_id: int) -> list[Member]:
        params = {"org_id": self._org_id, "group_id": group_id, "limit": limit, "after_id": after_id}
        return [_member(row) for row in await self._connection.all("list_group_members", params)]

    async def names_of(self, user_id: UserId) -> list[str]:
        rows = await self._connection.all("list_groups_of", {"org_id": self._org_id, "user_id": user_id})
        return [row["name"] for row in rows]

    async def list(self, limit: int, after: After) -> list[Group]:
        own = {"org_id": self._org_id}
        return [Group(**dict(row)) for row in await rows_from(self._connection, "list_groups", after, limit, own)]


class SqliteInvitations:
    """Implements `InvitationStore`."""

    def __init__(self, connection: Connection, org_id: OrgId) -> None:
        self._connection = connection
        self._org_id = org_id

    async def create(self, invitation: Invitation, digest: bytes) -> None:
        params = msgspec.structs.asdict(invitation) | {"role": invitation.role.value, "digest": digest}
        await self._connection.run("create_invitation", params)

    async def find(self, invitation_id: InvitationId) -> Invitation | None:
        row = await self._connection.one("find_invitation", {"org_id": self._org_id, "id": invitation_id})
        return _invitation(row) if row else None

    async def find_pending(self, email: str, now_us: int) -> Invitation | None:
        params = {"org_id": self._org_id, "email": email, "now_us": now_us}
        row = await self._connection.one("find_pending_invitation", params)
        return _invitation(row) if row else None

    async def update(self, invitation: Invitation) -> None:
        await self._connection.run("update_invitation", msgspec.structs.asdict(invitation) | {"role": invitation.role.value})

    async def withdraw(self, email: str, created_by: Sequence[str], now_us: int) -> int:
        of_org = {"org_id": self._org_id, "now_us": now_us}
        # None equals nothing in SQL, so each statement looks at one of the two columns.
        requested = [{"created_by": None, "email": email}, *({"created_by": one, "email": None} for one in created_by)]
        return sum([await self._connection.run("withdraw_invitations", of_org | one) for one in requested])

    async def replace_digest(self, invitation_id: InvitationId, digest: bytes) -> None:
        params = {"org_id": self._org_id, "id": invitation_id, "digest": digest}
        await self._connection.run("replace_invitation_digest", params)

    async def list(self, limit: int, after: After) -> list[Invitation]:
        own = {"org_id": self._org_id}
        return [_invitation(row) for row in await rows_from(self._connection, "list_invitations", after, limit, own)]


class SqliteSystemInvitations:
    """Implements `InvitationLookup`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def find_by_token(self, digest: bytes) -> Invitation | None:
        row = await self._connection.one("find_invitation_by_token", {"digest": digest})
        return _invitation(row) if row else None


class SqliteSigningKeys:
    """Implements `SigningKeyStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def create(self, key: SigningKey) -> None:
        await self._connection.run("create_signing_key", msgspec.structs.asdict(key))

    async def retire(self, now_us: int) -> None:
        await self._connection.run("retire_signing_keys", {"now_us": now_us})

    async def drop_retired(self, before_us: int) -> None:
        await self._connection.run("drop_signing_keys", {"before_us": before_us})

    async def list(self) -> list[SigningKey]:
        return [SigningKey(**dict(row)) for row in await self._connection.all("list_signing_keys", {})]


class SqliteMail:
    """Implements `MailOutbox`."""

    def __init__(self, connection: Connection, org_id: OrgId) -> None:
        self._connection = connection
        self._org_id = org_id

    async def add(self, mail: QueuedMail) -> None:
        await self._connection.run("queue_mail", msgspec.structs.asdict(mail) | {"org_id": self._org_id})


class SqliteSystemMail:
    """Implements `MailQueue`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def due(self, now_us: int, limit: int) -> list[QueuedMail]:
        rows = await self._connection.all("list_due_mail", {"now_us": now_us, "limit": limit})
        return [QueuedMail(**dict(row)) for row in rows]

    async def delete(self, mail_id: MailId) -> None:
        await self._connection.run("delete_mail", {"id": mail_id})

    async def postpone(self, mail_id: MailId, due_us: int) -> None:
        await self._connection.run("postpone_mail", {"id": mail_id, "due_us": due_us})


async def _note_change(connection: Connection) -> None:
    """Notify every process that the permissions of a credential have changed."""
    await connection.run("note_credential_change", {})


def _membership(row: sqlite3.Row) -> Membership:
    found = dict(row)
    flags = {name: bool(found[name]) for name in ("org_suspended", "require_mfa")}
    return Membership(**found | flags | {"role": Role(found["role"])})


def _member(row: sqlite3.Row) -> Member:
    found = dict(row)
    return Member(**found | {"role": Role(found["role"]), "mfa": bool(found["mfa"])})


def _session(row: sqlite3.Row) -> Session:
    found = {name: row[name] for name in Session.__struct_fields__}
    return Session(**found | {"methods": tuple(str(found["methods"]).split())})


def _invitation(row: sqlite3.Row) -> Invitation:
    found = dict(row)
    return Invitation(**found | {"role": Role(found["role"])})
