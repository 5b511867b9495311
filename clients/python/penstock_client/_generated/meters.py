"""`client.meters`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Meters(Resource):
    """Devices that count: registers, values and their edits, consumption, balances, leak hints."""

    def create_edit(
        self,
        device_id: str,
        *,
        kind: Literal["add", "confirm", "correct", "void"],
        time: str | datetime,
        reason: str,
        register: str | Unset | None = UNSET,
        value: float | str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Edit:
        """Edit a value.

        `add` adds a value at a time without one; `correct` replaces the reported value, `void` lets it count no more,
        and `confirm` lets a suspect one count. The reading is never changed. Returns 404 if there is no value at this
        time, and 409 if there is one to be added, or if the value has been edited: withdraw that edit first.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits",
            body=present({"kind": kind, "time": time, "reason": reason, "register": register, "value": value}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Edit = self._call(request)
        return answer

    def export_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> Download:
        """Export the consumption of a customer.

        CSV: one line per register and bucket, streamed. The headers `X-Range-From` and `X-Range-To` are the range
        within the plan's retention.

        The range and the buckets of a file.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `bucket`: The length of a bucket. `timezone`: An IANA time zone,
        such as `Europe/Brussels`; by default the customer's. `estimate`: Whether days since the last reading are
        estimated from a usual day. `role`: Only meters with this role. `kind`: Only registers of this kind.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption/export",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
            },
            timeout_s=request_timeout,
        )
        return self._file(request)

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Meter:
        """Get the meter settings of a device.

        Its registers are its own, those of its profile, or the default ones: a volume, from the fields that codecs of
        water meters use.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/meter", timeout_s=request_timeout)
        answer: schemas.Meter = self._call(request)
        return answer

    def get_balance_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.BalanceDays:
        """Compare a customer's principal meters with its leaves.

        By day; by default the last 30 days. A leaf counts on days on which it was measured, that is, with readings on
        that day and the day before.

        The range of days, for registers of one kind.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `timezone`: An IANA time zone, such as `Europe/Brussels`; by
        default the customer's. `kind`: The kind of the registers that are compared.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/balance",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "kind": kind},
            timeout_s=request_timeout,
        )
        answer: schemas.BalanceDays = self._call(request)
        return answer

    def get_consumption(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        register: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DeviceConsumption:
        """Get the consumption of a meter.

        Of one register, by day, week or month; by default the last 30 days. The consumption of a day is its last count
        minus the last count of the day before. The consumption over a gap is spread over its days, and days since the
        last reading are estimated from a usual day.

        The range and the buckets, for one register of the device, by default its first.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `bucket`: The length of a bucket. `timezone`: An IANA time zone,
        such as `Europe/Brussels`; by default the customer's. `estimate`: Whether days since the last reading are
        estimated from a usual day. `register`: The name of a register of the device; by default the first.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/consumption",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "register": register,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.DeviceConsumption = self._call(request)
        return answer

    def get_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CustomerConsumption:
        """Get the consumption of a customer.

        The total of the registers of one kind, by default volume, at its meters with one role, by default its leaves.
        Each device counts from when it came until it left, also if it was deleted since.

        The range and the buckets, for the registers of one kind at the meters of one role.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `bucket`: The length of a bucket. `timezone`: An IANA time zone,
        such as `Europe/Brussels`; by default the customer's. `estimate`: Whether days since the last reading are
        estimated from a usual day. `role`: Only meters with this role. `kind`: The kind of the registers that are added
        up.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.CustomerConsumption = self._call(request)
        return answer

    def get_leak_hint(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        register: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.LeakHint:
        """Get the leak hint of a meter.

        A leak is suspected if the flow never stops between 02:00 and 05:00. Requires at least hourly readings in these
        hours; by default the last 7 days are evaluated.

        The range of days, for one register of the device, by default its first.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `timezone`: An IANA time zone, such as `Europe/Brussels`; by
        default the customer's. `register`: The name of a register of the device; by default the first.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/leak-hint",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "register": register},
            timeout_s=request_timeout,
        )
        answer: schemas.LeakHint = self._call(request)
        return answer

    def list_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.MeterRow]:
        """List the consumption of a customer by meter.

        One row for each register of the kind. A page has up to `limit` devices, with all of their registers.

        The range and the buckets, by meter: for all meters, or those of one role, and registers of one kind.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `bucket`: The length of a bucket. `timezone`: An IANA time zone,
        such as `Europe/Brussels`; by default the customer's. `estimate`: Whether days since the last reading are
        estimated from a usual day. `role`: Only meters with this role. `kind`: Only registers of this kind. `limit`:
        Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption/devices",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_edits(
        self,
        device_id: str,
        *,
        register: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        withdrawn: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Edit]:
        """List the edits of a meter's values.

        Newest first, including withdrawn ones.

        Filters for edits. `from` and `to` are times of values.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `register`: Only edits of this register. `from_`: Only edits of values at
        or after this time: RFC 3339, or epoch seconds or milliseconds. `to`: Only edits of values before this time: RFC
        3339, or epoch seconds or milliseconds. `withdrawn`: Only withdrawn edits, or only those that are not. `limit`:
        Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits",
            query={"register": register, "from": from_, "to": to, "withdrawn": withdrawn, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_leak_hints_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.LeakHint]:
        """List the leak hints of a customer.

        All its meters of volume, by device; by default the last 7 days are evaluated.

        The range of days, one page at a time.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `timezone`: An IANA time zone, such as `Europe/Brussels`; by
        default the customer's. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/leak-hints",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_values(
        self,
        device_id: str,
        *,
        register: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        status: Literal["edited", "suspect", "valid", "void"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Value]:
        """List the values of a meter.

        Of one register, oldest first; by default of the last 30 days. A suspect value is not in consumption until an
        edit confirms or corrects it.

        The range and the register, by default the device's first one; of values with a status only.

        Requires the scope `telemetry:read`.

        `device_id`: A device's id (`dev_…`). `register`: The name of a register of the device; by default the first.
        `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch
        seconds or milliseconds. By default now. `range`: A length such as `90m`, `24h` or `7d` that ends now or at
        `to`. `status`: Only those with this status. `limit`: Maximum number of results. `cursor`: The `next_cursor` of
        the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/meter/values",
            query={
                "register": register,
                "from": from_,
                "to": to,
                "range": range,
                "status": status,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_values_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        status: Literal["edited", "suspect", "valid", "void"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.MeterValues]:
        """List the values of the meters of a customer.

        Those that need a decision, by device and register: by default suspect values of the last 30 days, of the meters
        that were there in the range. Some pages have fewer devices than `limit`; continue until `next_cursor` is null.

        The range and the status, by default suspect values; `limit` is a number of devices.

        Requires the scope `telemetry:read`.

        `customer_id`: A customer's id (`cus_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds.
        `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as
        `90m`, `24h` or `7d` that ends now or at `to`. `status`: Only those with this status. `limit`: Maximum number of
        devices. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/meter/values",
            query={"from": from_, "to": to, "range": range, "status": status, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def replace(
        self,
        device_id: str,
        *,
        register: str,
        at: str,
        last_value: float | str | Unset | None = UNSET,
        first_value: float | str | Unset | None = UNSET,
        serial: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Meter:
        """Replace a meter.

        The register's version ends at this time with the last value of the old meter, and the next begins with the
        first value of the new one. Consumption is counted up to the one and from the other. A device with the registers
        of its profile gets them as its own. Returns 409 if the register has a later version.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/replacements",
            body=present(
                {"register": register, "at": at, "last_value": last_value, "first_value": first_value, "serial": serial}
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Meter = self._call(request)
        return answer

    def reset(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Reset the meter settings of a device to the defaults.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}/meter", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def set(
        self,
        device_id: str,
        *,
        role: Literal["intermediate", "leaf", "principal"] | Unset = UNSET,
        field: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        rolls_over_at: float | str | Unset | None = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Meter:
        """Set the meter settings of a device.

        They apply to the device's past readings too. Omitted fields get their defaults.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/meter",
            body=present({"role": role, "field": field, "unit": unit, "rolls_over_at": rolls_over_at, "registers": registers})
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Meter = self._call(request)
        return answer

    def withdraw_edit(
        self,
        device_id: str,
        edit_id: str,
        *,
        reason: str,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Edit:
        """Withdraw an edit.

        It is kept in the list, and the value counts again as it was reported.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `edit_id`: The id of an edit (`edt_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits/{quoted(edit_id)}/withdraw",
            body=present({"reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Edit = self._call(request)
        return answer


class AsyncMeters(AsyncResource):
    """As `Meters`, for an event loop."""

    async def create_edit(
        self,
        device_id: str,
        *,
        kind: Literal["add", "confirm", "correct", "void"],
        time: str | datetime,
        reason: str,
        register: str | Unset | None = UNSET,
        value: float | str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Edit:
        """Edit a value.

        As `Meters.create_edit`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits",
            body=present({"kind": kind, "time": time, "reason": reason, "register": register, "value": value}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Edit = await self._call(request)
        return answer

    async def export_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncDownload:
        """Export the consumption of a customer.

        As `Meters.export_consumption_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption/export",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
            },
            timeout_s=request_timeout,
        )
        return await self._file(request)

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Meter:
        """Get the meter settings of a device.

        As `Meters.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/meter", timeout_s=request_timeout)
        answer: schemas.Meter = await self._call(request)
        return answer

    async def get_balance_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.BalanceDays:
        """Compare a customer's principal meters with its leaves.

        As `Meters.get_balance_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/balance",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "kind": kind},
            timeout_s=request_timeout,
        )
        answer: schemas.BalanceDays = await self._call(request)
        return answer

    async def get_consumption(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        register: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DeviceConsumption:
        """Get the consumption of a meter.

        As `Meters.get_consumption`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/consumption",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "register": register,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.DeviceConsumption = await self._call(request)
        return answer

    async def get_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CustomerConsumption:
        """Get the consumption of a customer.

        As `Meters.get_consumption_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
            },
            timeout_s=request_timeout,
        )
        answer: schemas.CustomerConsumption = await self._call(request)
        return answer

    async def get_leak_hint(
        self,
        device_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        register: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.LeakHint:
        """Get the leak hint of a meter.

        As `Meters.get_leak_hint`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/leak-hint",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "register": register},
            timeout_s=request_timeout,
        )
        answer: schemas.LeakHint = await self._call(request)
        return answer

    def list_consumption_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        bucket: Literal["day", "month", "week"] | None = None,
        timezone: str | None = None,
        estimate: bool | None = None,
        role: Literal["intermediate", "leaf", "principal"] | None = None,
        kind: Literal["cooling", "count", "energy", "heat", "reverse_energy", "reverse_volume", "volume"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.MeterRow]:
        """List the consumption of a customer by meter.

        As `Meters.list_consumption_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/consumption/devices",
            query={
                "from": from_,
                "to": to,
                "range": range,
                "bucket": bucket,
                "timezone": timezone,
                "estimate": estimate,
                "role": role,
                "kind": kind,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_edits(
        self,
        device_id: str,
        *,
        register: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        withdrawn: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Edit]:
        """List the edits of a meter's values.

        As `Meters.list_edits`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits",
            query={"register": register, "from": from_, "to": to, "withdrawn": withdrawn, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_leak_hints_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        timezone: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.LeakHint]:
        """List the leak hints of a customer.

        As `Meters.list_leak_hints_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/leak-hints",
            query={"from": from_, "to": to, "range": range, "timezone": timezone, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_values(
        self,
        device_id: str,
        *,
        register: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        status: Literal["edited", "suspect", "valid", "void"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Value]:
        """List the values of a meter.

        As `Meters.list_values`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/meter/values",
            query={
                "register": register,
                "from": from_,
                "to": to,
                "range": range,
                "status": status,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_values_of_customer(
        self,
        customer_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        status: Literal["edited", "suspect", "valid", "void"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.MeterValues]:
        """List the values of the meters of a customer.

        As `Meters.list_values_of_customer`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/meter/values",
            query={"from": from_, "to": to, "range": range, "status": status, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def replace(
        self,
        device_id: str,
        *,
        register: str,
        at: str,
        last_value: float | str | Unset | None = UNSET,
        first_value: float | str | Unset | None = UNSET,
        serial: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Meter:
        """Replace a meter.

        As `Meters.replace`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/replacements",
            body=present(
                {"register": register, "at": at, "last_value": last_value, "first_value": first_value, "serial": serial}
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Meter = await self._call(request)
        return answer

    async def reset(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Reset the meter settings of a device to the defaults.

        As `Meters.reset`.
        """
        request = Request("DELETE", f"/api/v2/devices/{quoted(device_id)}/meter", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def set(
        self,
        device_id: str,
        *,
        role: Literal["intermediate", "leaf", "principal"] | Unset = UNSET,
        field: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        rolls_over_at: float | str | Unset | None = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Meter:
        """Set the meter settings of a device.

        As `Meters.set`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/meter",
            body=present({"role": role, "field": field, "unit": unit, "rolls_over_at": rolls_over_at, "registers": registers})
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Meter = await self._call(request)
        return answer

    async def withdraw_edit(
        self,
        device_id: str,
        edit_id: str,
        *,
        reason: str,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Edit:
        """Withdraw an edit.

        As `Meters.withdraw_edit`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/meter/edits/{quoted(edit_id)}/withdraw",
            body=present({"reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Edit = await self._call(request)
        return answer
