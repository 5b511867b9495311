"""The caller's quiet hours over the native API. They require a signed-in user."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.api.v2.notifications import wire
from penstock.api.v2.notifications.examples import NIGHT, NO_QUIET_HOURS
from penstock.api.v2.notifications.translate import from_core_quiet_hours, to_core_quiet_hours
from penstock.api.v2.people.profile_routes import SCOPE
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.kit.operation import Example


class QuietHoursEndpoints:
    """Get, set and end the caller's quiet hours."""

    routes = Routes("/api/v2/profile/quiet-hours", surface="v2", tag="Oneself")

    def __init__(self, quiet_hours: QuietHoursService) -> None:
        self._quiet_hours = quiet_hours

    @routes.get(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(answer={"enabled": True, **NIGHT}),
    )
    async def get(self, call: Call[None, None]) -> wire.QuietHours:
        """Get your quiet hours."""
        return from_core_quiet_hours(await self._quiet_hours.get(call.actor))

    @routes.put(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(body=NIGHT, answer={"enabled": True, **NIGHT}),
    )
    async def set(self, call: Call[None, wire.QuietHoursSet]) -> wire.QuietHours:
        """Set your quiet hours.

        Mails of alerts and rules to your address wait until the quiet hours end, and are then sent as one digest. The setting
        applies to all your organisations.
        """
        return from_core_quiet_hours(await self._quiet_hours.set(call.actor, to_core_quiet_hours(call.body)))

    @routes.delete(
        scope=SCOPE,
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(answer=NO_QUIET_HOURS),
    )
    async def delete(self, call: Call[None, None]) -> wire.QuietHours:
        """End your quiet hours.

        Mails that already wait are sent at the time they were due. Repeating the call has no effect.
        """
        await self._quiet_hours.delete(call.actor)
        return from_core_quiet_hours(None)
