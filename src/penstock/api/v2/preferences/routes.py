"""Preferences over the native API. Requires a signed-in user."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.preferences import wire
from penstock.api.v2.preferences.examples import CHANGE, PREFERENCES
from penstock.api.v2.preferences.translate import from_core_preferences, to_core_patch
from penstock.core.preferences.service import PreferenceService
from penstock.kit.operation import Example

SCOPE = "profile:read"
MAX_BODY_BYTES = 65_536


class PreferenceEndpoints:
    """The preferences of the caller."""

    routes = Routes("/api/v2/profile/preferences", surface="v2", tag="Oneself")

    def __init__(self, preferences: PreferenceService) -> None:
        self._preferences = preferences

    @routes.get(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(answer=PREFERENCES),
    )
    async def get(self, call: Call[None, None]) -> wire.Preferences:
        """Get your preferences.

        Those for the console in this organisation. Other users cannot read them.
        """
        return from_core_preferences(await self._preferences.get(call.actor))

    @routes.patch(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=CHANGE, answer=PREFERENCES),
    )
    async def update(self, call: Call[None, wire.PreferencesPatch]) -> wire.Preferences:
        """Change your preferences.

        Omitted fields are unchanged; null clears a field. Of `lists`, those that are named are replaced, and removed by null.
        """
        return from_core_preferences(await self._preferences.update(call.actor, to_core_patch(call.body)))
