"""One's own quiet hours over the native API. They need a person who signed in."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.notifications import wire
from penstock.api.v2.notifications.examples import NIGHT, NO_QUIET_HOURS
from penstock.api.v2.notifications.translate import from_core_quiet_hours, to_core_quiet_hours
from penstock.api.v2.people.profile_routes import PATH as PROFILE_PATH
from penstock.api.v2.people.profile_routes import SCOPE
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.kit.operation import Example

PATH = f"{PROFILE_PATH}/quiet-hours"


class QuietHoursEndpoints:
    """See, set and end one's quiet hours."""

    routes = Routes("/api/v2/profile/quiet-hours", surface="v2", tag="Oneself")

    routes = Routes("/api/v2/profile/quiet-hours", surface="v2", tag="Oneself")

    def __init__(self, quiet_hours: QuietHoursService) -> None:
        self._quiet_hours = quiet_hours

    @routes.get(
        scope=SCOPE,
        session=True,
        of_resident=True,
        example=Example(answer={"enabled": True, **NIGHT}),
    )
    async def get(self, call: Call[None, None]) -> wire.QuietHours:
        """See one's quiet hours."""
        return from_core_quiet_hours(await self._quiet_hours.get(call.actor))

    @routes.put(
        scope=SCOPE,
        session=True,
        of_resident=True,
        example=Example(body=NIGHT, answer={"enabled": True, **NIGHT}),
    )
    async def set(self, call: Call[None, wire.QuietHoursSet]) -> wire.QuietHours:
        """Set one's quiet hours.

        Mails of alerts and rules to one's address wait until they end, and come as one then. They hold for every organisation.
        """
        return from_core_quiet_hours(await self._quiet_hours.set(call.actor, to_core_quiet_hours(call.body)))

    @routes.delete(
        scope=SCOPE,
        session=True,
        of_resident=True,
        example=Example(answer=NO_QUIET_HOURS),
    )
    async def delete(self, call: Call[None, None]) -> wire.QuietHours:
        """End one's quiet hours.

        What waits comes when it would have. Again is the same as once.
        """
        await self._quiet_hours.delete(call.actor)
        return from_core_quiet_hours(None)
