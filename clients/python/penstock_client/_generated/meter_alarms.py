"""`client.meter_alarms`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class MeterAlarms(Resource):
    """Alarms of meters, such as leaks, back-flow and low batteries, and their settings by device and profile."""

    def acknowledge(
        self,
        alarm_id: str,
        *,
        note: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.MeterAlarm:
        """Acknowledge a meter alarm.

        It stays open until a reading shows its end. Repeating the call has no effect; the first note is kept.

        Requires the scope `alerts:write`.

        `alarm_id`: A meter alarm's id (`mal_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/meter-alarms/{quoted(alarm_id)}/acknowledge",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.MeterAlarm = self._call(request)
        return answer

    def get(self, alarm_id: str, *, request_timeout: float | None = None) -> schemas.MeterAlarm:
        """Get a meter alarm.

        Requires the scope `alerts:read`.

        `alarm_id`: A meter alarm's id (`mal_…`).
        """
        request = Request("GET", f"/api/v2/meter-alarms/{quoted(alarm_id)}", timeout_s=request_timeout)
        answer: schemas.MeterAlarm = self._call(request)
        return answer

    def get_settings_of_meter(self, device_id: str, *, request_timeout: float | None = None) -> schemas.WatchedSettings:
        """Get the alarm settings of a meter.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/meter/alarm-settings", timeout_s=request_timeout)
        answer: schemas.WatchedSettings = self._call(request)
        return answer

    def get_settings_of_profile(self, profile_id: str, *, request_timeout: float | None = None) -> schemas.WatchedSettings:
        """Get the alarm settings of a profile.

        Requires the scope `devices:read`.

        `profile_id`: A device profile's id (`prf_…`).
        """
        request = Request("GET", f"/api/v2/profiles/{quoted(profile_id)}/meter/alarm-settings", timeout_s=request_timeout)
        answer: schemas.WatchedSettings = self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        customer_id: str | None = None,
        kind: Literal["back_flow", "burst", "continuous_flow", "frozen", "low_battery", "tamper"] | None = None,
        state: Literal["closed", "open"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.MeterAlarm]:
        """List meter alarms.

        Newest first. Filters are combined with AND.

        Filters for meter alarms. `from` (included) and `to` (excluded) bound the beginning, `since`.

        Requires the scope `alerts:read`.

        `device_id`: Only alarms of this device (`dev_…`). `customer_id`: Only alarms of devices that were this
        customer's (`cus_…`) when they were opened. `kind`: Only alarms of this kind. `state`: Only those in this state.
        `from_`: Only alarms that began at or after this time: RFC 3339, or epoch seconds or milliseconds. `to`: Only
        alarms that began before this time: RFC 3339, or epoch seconds or milliseconds. `limit`: Maximum number of
        results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/meter-alarms",
            query={
                "device_id": device_id,
                "customer_id": customer_id,
                "kind": kind,
                "state": state,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def set_settings_of_meter(
        self,
        device_id: str,
        *,
        continuous_flow: schemas.ContinuousFlow | Unset = UNSET,
        burst: schemas.Burst | Unset = UNSET,
        back_flow: schemas.BackFlow | Unset = UNSET,
        frozen: schemas.Frozen | Unset = UNSET,
        low_battery: schemas.LowBattery | Unset = UNSET,
        tamper: schemas.Tamper | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WatchedSettings:
        """Set the alarm settings of a meter.

        What is omitted comes from the device's profile, or else from the defaults. A device with settings is watched
        even if it is not assigned to a customer.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/meter/alarm-settings",
            body=present(
                {
                    "continuous_flow": continuous_flow,
                    "burst": burst,
                    "back_flow": back_flow,
                    "frozen": frozen,
                    "low_battery": low_battery,
                    "tamper": tamper,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WatchedSettings = self._call(request)
        return answer

    def set_settings_of_profile(
        self,
        profile_id: str,
        *,
        continuous_flow: schemas.ContinuousFlow | Unset = UNSET,
        burst: schemas.Burst | Unset = UNSET,
        back_flow: schemas.BackFlow | Unset = UNSET,
        frozen: schemas.Frozen | Unset = UNSET,
        low_battery: schemas.LowBattery | Unset = UNSET,
        tamper: schemas.Tamper | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WatchedSettings:
        """Set the alarm settings of a profile.

        They apply to every device of the profile, except those that are set on the device itself.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/profiles/{quoted(profile_id)}/meter/alarm-settings",
            body=present(
                {
                    "continuous_flow": continuous_flow,
                    "burst": burst,
                    "back_flow": back_flow,
                    "frozen": frozen,
                    "low_battery": low_battery,
                    "tamper": tamper,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WatchedSettings = self._call(request)
        return answer


class AsyncMeterAlarms(AsyncResource):
    """As `MeterAlarms`, for an event loop."""

    async def acknowledge(
        self,
        alarm_id: str,
        *,
        note: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.MeterAlarm:
        """Acknowledge a meter alarm.

        As `MeterAlarms.acknowledge`.
        """
        request = Request(
            "POST",
            f"/api/v2/meter-alarms/{quoted(alarm_id)}/acknowledge",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.MeterAlarm = await self._call(request)
        return answer

    async def get(self, alarm_id: str, *, request_timeout: float | None = None) -> schemas.MeterAlarm:
        """Get a meter alarm.

        As `MeterAlarms.get`.
        """
        request = Request("GET", f"/api/v2/meter-alarms/{quoted(alarm_id)}", timeout_s=request_timeout)
        answer: schemas.MeterAlarm = await self._call(request)
        return answer

    async def get_settings_of_meter(self, device_id: str, *, request_timeout: float | None = None) -> schemas.WatchedSettings:
        """Get the alarm settings of a meter.

        As `MeterAlarms.get_settings_of_meter`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/meter/alarm-settings", timeout_s=request_timeout)
        answer: schemas.WatchedSettings = await self._call(request)
        return answer

    async def get_settings_of_profile(self, profile_id: str, *, request_timeout: float | None = None) -> schemas.WatchedSettings:
        """Get the alarm settings of a profile.

        As `MeterAlarms.get_settings_of_profile`.
        """
        request = Request("GET", f"/api/v2/profiles/{quoted(profile_id)}/meter/alarm-settings", timeout_s=request_timeout)
        answer: schemas.WatchedSettings = await self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        customer_id: str | None = None,
        kind: Literal["back_flow", "burst", "continuous_flow", "frozen", "low_battery", "tamper"] | None = None,
        state: Literal["closed", "open"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.MeterAlarm]:
        """List meter alarms.

        As `MeterAlarms.list`.
        """
        request = Request(
            "GET",
            "/api/v2/meter-alarms",
            query={
                "device_id": device_id,
                "customer_id": customer_id,
                "kind": kind,
                "state": state,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def set_settings_of_meter(
        self,
        device_id: str,
        *,
        continuous_flow: schemas.ContinuousFlow | Unset = UNSET,
        burst: schemas.Burst | Unset = UNSET,
        back_flow: schemas.BackFlow | Unset = UNSET,
        frozen: schemas.Frozen | Unset = UNSET,
        low_battery: schemas.LowBattery | Unset = UNSET,
        tamper: schemas.Tamper | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WatchedSettings:
        """Set the alarm settings of a meter.

        As `MeterAlarms.set_settings_of_meter`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/meter/alarm-settings",
            body=present(
                {
                    "continuous_flow": continuous_flow,
                    "burst": burst,
                    "back_flow": back_flow,
                    "frozen": frozen,
                    "low_battery": low_battery,
                    "tamper": tamper,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WatchedSettings = await self._call(request)
        return answer

    async def set_settings_of_profile(
        self,
        profile_id: str,
        *,
        continuous_flow: schemas.ContinuousFlow | Unset = UNSET,
        burst: schemas.Burst | Unset = UNSET,
        back_flow: schemas.BackFlow | Unset = UNSET,
        frozen: schemas.Frozen | Unset = UNSET,
        low_battery: schemas.LowBattery | Unset = UNSET,
        tamper: schemas.Tamper | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WatchedSettings:
        """Set the alarm settings of a profile.

        As `MeterAlarms.set_settings_of_profile`.
        """
        request = Request(
            "PUT",
            f"/api/v2/profiles/{quoted(profile_id)}/meter/alarm-settings",
            body=present(
                {
                    "continuous_flow": continuous_flow,
                    "burst": burst,
                    "back_flow": back_flow,
                    "frozen": frozen,
                    "low_battery": low_battery,
                    "tamper": tamper,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.WatchedSettings = await self._call(request)
        return answer
