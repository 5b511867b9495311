"""Use cases on preferences: read and change one's own."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.people.roles import check_person
from penstock.core.preferences.models import MAX_BYTES, MAX_LISTS, Preferences, PreferencesPatch
from penstock.core.preferences.store import PreferenceTransaction
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in


class PreferenceService:
    """The preferences of the signed-in user in the organisation of the session. They are private, and not in the audit log."""

    def __init__(self, database: OrganizationDatabase[PreferenceTransaction], clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, actor: Actor) -> Preferences:
        """The caller's preferences.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.preferences.find(actor.user_id) or Preferences()

    async def update(self, actor: Actor, patch: PreferencesPatch) -> Preferences:
        """Change the fields in the patch.

        Raises:
            InvalidInput: the time zone is unknown, or the preferences became too large; the field is named.
            SessionRequired.
            CredentialInvalid: the membership has just ended.
        """
        check_person(actor)
        changes = changes_in(patch)
        _check_zone(changes.get("time_zone"))
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.members.find(actor.user_id) is None:
                raise CredentialInvalid()
            before = await tx.preferences.find(actor.user_id) or Preferences()
            if "lists" in changes:
                changes["lists"] = _merged(before.lists, changes["lists"])
            after = msgspec.structs.replace(before, **changes)
            _check_size(after)
            await tx.preferences.save(actor.user_id, after, self._clock.now_us())
        return after


def _merged(before: dict[str, dict[str, object]], changed: dict[str, dict[str, object] | None]) -> dict[str, dict[str, object]]:
    return {name: view for name, view in (before | changed).items() if view is not None}


def _check_zone(name: str | None) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput.field("time_zone", "must be an IANA time zone, such as Europe/Berlin") from None


def _check_size(preferences: Preferences) -> None:
    if len(preferences.lists) > MAX_LISTS:
        raise InvalidInput.field("lists", f"must be at most {MAX_LISTS} lists in all")
    if len(msgspec.json.encode(preferences)) > MAX_BYTES:
        raise InvalidInput.field("lists", f"must leave all preferences at most {MAX_BYTES} bytes of JSON")
