"""Which addresses a caller can access: all, or only those that are granted to it, to its user or to the user's groups."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.inboxes.errors import AddressNotFound, GrantedOnly
from penstock.core.inboxes.models import Address, Subject, SubjectKind, Subjects
from penstock.core.inboxes.store import InboxTransaction
from penstock.core.people.roles import SCOPES_OF_ROLES
from penstock.core.people.standing import scopes_now
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.core.tenancy.scopes import REACHES_ALL
from penstock.kit.ids import InboxAddressId, Prefix, UserId, encode

READ = "sms:read"


async def reach_of(tx: InboxTransaction, actor: Actor) -> Subjects | None:
    """The subjects whose grants count for a caller; None if it can access every address of its organisation."""
    if not actor.granted_only:
        return None
    own = (Subject(SubjectKind.KEY, actor.id),) if actor.kind is ActorKind.KEY else ()
    user_id = actor.root_id if actor.kind is ActorKind.KEY else actor.user_id if actor.kind is ActorKind.USER else None
    return own if user_id is None else (*own, *await _subjects_of_user(tx, user_id))


async def renewed(tx: InboxTransaction, actor: Actor) -> Actor:
    """A caller that waits, with the rights that it has now.

    Raises:
        CredentialInvalid: its session ended.
        ScopeMissing: it can no longer read messages, for example because its key was revoked.
    """
    if actor.kind is ActorKind.USER and actor.session_id:
        session = await tx.sessions.find(actor.session_id)
        if session is None or session.revoked_us is not None:
            raise CredentialInvalid()
    scopes, key = await scopes_now(tx, actor), None
    if actor.kind is ActorKind.KEY:
        key = await tx.keys.find(actor.key_id)
    needs_grants = REACHES_ALL not in scopes if key is None else key.needs_grants(SCOPES_OF_ROLES)
    found = msgspec.structs.replace(actor, scopes=actor.scopes & scopes, granted_only=actor.granted_only or needs_grants)
    found.require(READ)
    return found


async def _subjects_of_user(tx: InboxTransaction, user_id: UserId) -> Subjects:
    groups = await tx.inbox_addresses.groups_of(user_id)
    return Subject(SubjectKind.USER, user_id), *(Subject(SubjectKind.GROUP, group_id) for group_id in groups)


def check_manages(actor: Actor) -> None:
    """Check that a caller can manage addresses: one that sees only what is granted could grant itself the rest.

    Raises:
        GrantedOnly.
    """
    if actor.granted_only:
        raise GrantedOnly()


async def get_address(tx: InboxTransaction, actor: Actor, address_id: InboxAddressId) -> Address:
    """An address that a caller can access.

    Raises:
        AddressNotFound.
    """
    found = await tx.inbox_addresses.find(address_id, await reach_of(tx, actor))
    if found is None:
        raise AddressNotFound(address=encode(Prefix.INBOX_ADDRESS, address_id))
    return found


async def get_value(tx: InboxTransaction, actor: Actor, value: str) -> Address:
    """An address that a caller can access, by its value.

    Raises:
        AddressNotFound.
    """
    found = await tx.inbox_addresses.find_value(value.lower(), await reach_of(tx, actor))
    if found is None:
        raise AddressNotFound(address=value[:64])
    return found
