"""One's own quiet hours over the native API. They need a person who signed in."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.v2 import notifications_wire as wire
from penstock.api.v2.profile import PATH as PROFILE_PATH
from penstock.api.v2.profile import SCOPE, TAG
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Quiet, Severity
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.kit.operation import Example, operation

PATH = f"{PROFILE_PATH}/quiet-hours"
_NIGHT: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "from": "22:00",
    "to": "06:30",
    "days": [1, 2, 3, 4, 5, 6, 7],
    "breaks_through": "critical",
}
_NONE: dict[str, Any] = {"enabled": False, "time_zone": None, "from": None, "to": None, "days": [], "breaks_through": None}


class QuietHoursEndpoints:
    """See, set and end one's quiet hours."""

    def __init__(self, quiet_hours: QuietHoursService) -> None:
        self._quiet_hours = quiet_hours

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="See one's quiet hours",
        scope=SCOPE,
        session=True,
        of_resident=True,
        answer=wire.QuietHours,
        example=Example(answer={"enabled": True, **_NIGHT}),
    )
    async def get(self, call: Call[None, None]) -> wire.QuietHours:
        return _shown(await self._quiet_hours.get(call.actor))

    @operation(
        "PUT",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Set one's quiet hours",
        description="Mails of alerts and rules to one's address wait until they end, and come as one then. They hold for every "
        "organisation.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        body=wire.QuietHoursSet,
        answer=wire.QuietHours,
        example=Example(body=_NIGHT, answer={"enabled": True, **_NIGHT}),
    )
    async def set(self, call: Call[None, wire.QuietHoursSet]) -> wire.QuietHours:
        return _shown(await self._quiet_hours.set(call.actor, _to_core(call.body)))

    @operation(
        "DELETE",
        PATH,
        surface="v2",
        tag=TAG,
        summary="End one's quiet hours",
        description="What waits comes when it would have. Again is the same as once.",
        scope=SCOPE,
        session=True,
        of_resident=True,
        answer=wire.QuietHours,
        example=Example(answer=_NONE),
    )
    async def delete(self, call: Call[None, None]) -> wire.QuietHours:
        await self._quiet_hours.delete(call.actor)
        return _shown(None)


def _to_core(wanted: wire.QuietHoursSet) -> Quiet:
    hours = ActiveHours(
        time_zone=wanted.time_zone,
        days=tuple(sorted(set(wanted.days))),
        from_minute=_minute(wanted.from_),
        to_minute=_minute(wanted.to),
    )
    return Quiet(hours=hours, breaks_through=None if wanted.breaks_through is None else Severity(wanted.breaks_through))


def _shown(quiet: Quiet | None) -> wire.QuietHours:
    if quiet is None:
        return wire.QuietHours(False, None, None, None, [], None)
    hours = quiet.hours
    begin, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (hours.from_minute, hours.to_minute))
    through = None if quiet.breaks_through is None else quiet.breaks_through.value
    return wire.QuietHours(True, hours.time_zone, begin, end, list(hours.days), through)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
