"""`client.profile`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Profile(Resource):
    """The signed-in user's own account: name, password, second factor, sessions.

    Not available to API keys.
    """

    def change_password(
        self,
        *,
        current_password: str,
        new_password: str,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> None:
        """Change your password.

        All your other sessions end, in every organisation.

        Requires the scope `profile:read`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/password",
            body=present({"current_password": current_password, "new_password": new_password}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        self._call(request)

    def confirm_second_factor(
        self, *, code: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RecoveryCodes:
        """Confirm a second factor.

        From now on it is required at sign-in. The response contains the recovery codes, once.

        Requires the scope `profile:read`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa/confirm",
            body=present({"code": code}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RecoveryCodes = self._call(request)
        return answer

    def end_quiet_hours(self, *, if_match: str | None = None, request_timeout: float | None = None) -> schemas.QuietHours:
        """End your quiet hours.

        Mails that already wait are sent at the time they were due. Repeating the call has no effect.

        Requires the scope `profile:read`.

        `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request("DELETE", "/api/v2/profile/quiet-hours", if_match=if_match, timeout_s=request_timeout)
        answer: schemas.QuietHours = self._call(request)
        return answer

    def end_session(self, session_id: str, *, request_timeout: float | None = None) -> None:
        """End one of your sessions.

        Requires the scope `profile:read`.

        `session_id`: A session's id (`ses_…`).
        """
        request = Request("DELETE", f"/api/v2/profile/sessions/{quoted(session_id)}", timeout_s=request_timeout)
        self._call(request)

    def get(self, *, request_timeout: float | None = None) -> schemas.Profile:
        """Get your account with all memberships.

        Requires the scope `profile:read`.
        """
        request = Request("GET", "/api/v2/profile", timeout_s=request_timeout)
        answer: schemas.Profile = self._call(request)
        return answer

    def get_invoice(self, invoice_id: str, *, request_timeout: float | None = None) -> schemas.Invoice:
        """Get one of your invoices.

        Other users need the scope `billing:read`.

        Requires the scope `profile:read`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request("GET", f"/api/v2/profile/invoices/{quoted(invoice_id)}", timeout_s=request_timeout)
        answer: schemas.Invoice = self._call(request)
        return answer

    def get_invoice_file(
        self,
        invoice_id: str,
        *,
        format: Literal["cii", "csv", "facturx", "pdf", "xml"] | None = None,
        request_timeout: float | None = None,
    ) -> Download:
        """Get one of your invoices as a file.

        A caller who is not a resident needs the scope `billing:read`.

        The format of the file.

        `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, both according to EN 16931; `facturx` is the PDF with CII attached
        (PDF/A-3).

        Requires the scope `profile:read`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`). `format`: The format of the file.
        """
        request = Request(
            "GET", f"/api/v2/profile/invoices/{quoted(invoice_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return self._file(request)

    def get_preferences(self, *, request_timeout: float | None = None) -> schemas.Preferences:
        """Get your preferences.

        Those for the console in this organisation. Other users cannot read them.

        Requires the scope `profile:read`.
        """
        request = Request("GET", "/api/v2/profile/preferences", timeout_s=request_timeout)
        answer: schemas.Preferences = self._call(request)
        return answer

    def get_quiet_hours(self, *, request_timeout: float | None = None) -> schemas.QuietHours:
        """Get your quiet hours.

        Requires the scope `profile:read`.
        """
        request = Request("GET", "/api/v2/profile/quiet-hours", timeout_s=request_timeout)
        answer: schemas.QuietHours = self._call(request)
        return answer

    def list_devices(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.OwnDevice]:
        """List the devices assigned to the caller.

        Only residents have any; for other callers the list is empty.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `profile:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/profile/devices", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_invoices(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.InvoiceSummary]:
        """List your invoices.

        Only residents have any; for other callers the list is empty.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `profile:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/profile/invoices", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_meter_alarms(
        self,
        *,
        device_id: str | None = None,
        kind: Literal["back_flow", "burst", "continuous_flow", "frozen", "low_battery", "tamper"] | None = None,
        state: Literal["closed", "open"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.OwnMeterAlarm]:
        """List the alarms of the caller's meters.

        Newest first: those of the devices assigned to the caller that were open at some time since they were. Only
        residents have any; for other callers the list is empty.

        Filters for the caller's meter alarms.

        Requires the scope `profile:read`.

        `device_id`: Only alarms of this device (`dev_…`). `kind`: Only alarms of this kind. `state`: Only those in this
        state. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/profile/meter-alarms",
            query={"device_id": device_id, "kind": kind, "state": state, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_sessions(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Session]:
        """List your sessions.

        Those in this organisation, newest first.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `profile:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/profile/sessions", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def remove_second_factor(
        self, *, password: str, code: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> None:
        """Remove your second factor.

        Rejected while one of your organisations requires a second factor.

        Requires the scope `profile:read`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa/remove",
            body=present({"password": password, "code": code}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        self._call(request)

    def set_quiet_hours(
        self,
        *,
        time_zone: str,
        from_: str,
        to: str,
        days: Sequence[int] | Unset = UNSET,
        breaks_through: Literal["critical", "warning"] | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.QuietHours:
        """Set your quiet hours.

        Mails of alerts and rules to your address wait until the quiet hours end, and are then sent as one digest. The
        setting applies to all your organisations.

        Requires the scope `profile:read`.

        `breaks_through`: By default `"critical"`. `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            "/api/v2/profile/quiet-hours",
            body=present({"time_zone": time_zone, "from": from_, "to": to, "days": days, "breaks_through": breaks_through}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.QuietHours = self._call(request)
        return answer

    def start_second_factor(
        self,
        *,
        algorithm: Literal["SHA1", "SHA256", "SHA512"] | Unset = UNSET,
        digits: Literal[6, 8] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Enrolment:
        """Start the enrolment of a second factor.

        The factor is not active until you send one of its codes to `confirm`. Starting again replaces it.

        Requires the scope `profile:read`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa",
            body=present({"algorithm": algorithm, "digits": digits}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Enrolment = self._call(request)
        return answer

    def update(self, *, name: str, if_match: str | None = None, request_timeout: float | None = None) -> schemas.Profile:
        """Change your name.

        Requires the scope `profile:read`.

        `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request("PATCH", "/api/v2/profile", body=present({"name": name}), if_match=if_match, timeout_s=request_timeout)
        answer: schemas.Profile = self._call(request)
        return answer

    def update_preferences(
        self,
        *,
        time_zone: str | Unset | None = UNSET,
        locale: str | Unset | None = UNSET,
        theme: Literal["contrast", "dark", "light", "system"] | Unset = UNSET,
        density: Literal["comfortable", "compact"] | Unset = UNSET,
        start_page: str | Unset | None = UNSET,
        pinned: Sequence[str] | Unset = UNSET,
        lists: Mapping[str, Mapping[str, Any] | None] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Preferences:
        """Change your preferences.

        Omitted fields are unchanged; null clears a field. Of `lists`, those that are named are replaced, and removed by
        null.

        Requires the scope `profile:read`.

        `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            "/api/v2/profile/preferences",
            body=present(
                {
                    "time_zone": time_zone,
                    "locale": locale,
                    "theme": theme,
                    "density": density,
                    "start_page": start_page,
                    "pinned": pinned,
                    "lists": lists,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Preferences = self._call(request)
        return answer


class AsyncProfile(AsyncResource):
    """As `Profile`, for an event loop."""

    async def change_password(
        self,
        *,
        current_password: str,
        new_password: str,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> None:
        """Change your password.

        As `Profile.change_password`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/password",
            body=present({"current_password": current_password, "new_password": new_password}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        await self._call(request)

    async def confirm_second_factor(
        self, *, code: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RecoveryCodes:
        """Confirm a second factor.

        As `Profile.confirm_second_factor`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa/confirm",
            body=present({"code": code}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RecoveryCodes = await self._call(request)
        return answer

    async def end_quiet_hours(self, *, if_match: str | None = None, request_timeout: float | None = None) -> schemas.QuietHours:
        """End your quiet hours.

        As `Profile.end_quiet_hours`.
        """
        request = Request("DELETE", "/api/v2/profile/quiet-hours", if_match=if_match, timeout_s=request_timeout)
        answer: schemas.QuietHours = await self._call(request)
        return answer

    async def end_session(self, session_id: str, *, request_timeout: float | None = None) -> None:
        """End one of your sessions.

        As `Profile.end_session`.
        """
        request = Request("DELETE", f"/api/v2/profile/sessions/{quoted(session_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def get(self, *, request_timeout: float | None = None) -> schemas.Profile:
        """Get your account with all memberships.

        As `Profile.get`.
        """
        request = Request("GET", "/api/v2/profile", timeout_s=request_timeout)
        answer: schemas.Profile = await self._call(request)
        return answer

    async def get_invoice(self, invoice_id: str, *, request_timeout: float | None = None) -> schemas.Invoice:
        """Get one of your invoices.

        As `Profile.get_invoice`.
        """
        request = Request("GET", f"/api/v2/profile/invoices/{quoted(invoice_id)}", timeout_s=request_timeout)
        answer: schemas.Invoice = await self._call(request)
        return answer

    async def get_invoice_file(
        self,
        invoice_id: str,
        *,
        format: Literal["cii", "csv", "facturx", "pdf", "xml"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncDownload:
        """Get one of your invoices as a file.

        As `Profile.get_invoice_file`.
        """
        request = Request(
            "GET", f"/api/v2/profile/invoices/{quoted(invoice_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return await self._file(request)

    async def get_preferences(self, *, request_timeout: float | None = None) -> schemas.Preferences:
        """Get your preferences.

        As `Profile.get_preferences`.
        """
        request = Request("GET", "/api/v2/profile/preferences", timeout_s=request_timeout)
        answer: schemas.Preferences = await self._call(request)
        return answer

    async def get_quiet_hours(self, *, request_timeout: float | None = None) -> schemas.QuietHours:
        """Get your quiet hours.

        As `Profile.get_quiet_hours`.
        """
        request = Request("GET", "/api/v2/profile/quiet-hours", timeout_s=request_timeout)
        answer: schemas.QuietHours = await self._call(request)
        return answer

    def list_devices(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.OwnDevice]:
        """List the devices assigned to the caller.

        As `Profile.list_devices`.
        """
        request = Request("GET", "/api/v2/profile/devices", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_invoices(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.InvoiceSummary]:
        """List your invoices.

        As `Profile.list_invoices`.
        """
        request = Request("GET", "/api/v2/profile/invoices", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def list_meter_alarms(
        self,
        *,
        device_id: str | None = None,
        kind: Literal["back_flow", "burst", "continuous_flow", "frozen", "low_battery", "tamper"] | None = None,
        state: Literal["closed", "open"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.OwnMeterAlarm]:
        """List the alarms of the caller's meters.

        As `Profile.list_meter_alarms`.
        """
        request = Request(
            "GET",
            "/api/v2/profile/meter-alarms",
            query={"device_id": device_id, "kind": kind, "state": state, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_sessions(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Session]:
        """List your sessions.

        As `Profile.list_sessions`.
        """
        request = Request("GET", "/api/v2/profile/sessions", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    async def remove_second_factor(
        self, *, password: str, code: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> None:
        """Remove your second factor.

        As `Profile.remove_second_factor`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa/remove",
            body=present({"password": password, "code": code}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        await self._call(request)

    async def set_quiet_hours(
        self,
        *,
        time_zone: str,
        from_: str,
        to: str,
        days: Sequence[int] | Unset = UNSET,
        breaks_through: Literal["critical", "warning"] | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.QuietHours:
        """Set your quiet hours.

        As `Profile.set_quiet_hours`.
        """
        request = Request(
            "PUT",
            "/api/v2/profile/quiet-hours",
            body=present({"time_zone": time_zone, "from": from_, "to": to, "days": days, "breaks_through": breaks_through}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.QuietHours = await self._call(request)
        return answer

    async def start_second_factor(
        self,
        *,
        algorithm: Literal["SHA1", "SHA256", "SHA512"] | Unset = UNSET,
        digits: Literal[6, 8] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Enrolment:
        """Start the enrolment of a second factor.

        As `Profile.start_second_factor`.
        """
        request = Request(
            "POST",
            "/api/v2/profile/mfa",
            body=present({"algorithm": algorithm, "digits": digits}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Enrolment = await self._call(request)
        return answer

    async def update(self, *, name: str, if_match: str | None = None, request_timeout: float | None = None) -> schemas.Profile:
        """Change your name.

        As `Profile.update`.
        """
        request = Request("PATCH", "/api/v2/profile", body=present({"name": name}), if_match=if_match, timeout_s=request_timeout)
        answer: schemas.Profile = await self._call(request)
        return answer

    async def update_preferences(
        self,
        *,
        time_zone: str | Unset | None = UNSET,
        locale: str | Unset | None = UNSET,
        theme: Literal["contrast", "dark", "light", "system"] | Unset = UNSET,
        density: Literal["comfortable", "compact"] | Unset = UNSET,
        start_page: str | Unset | None = UNSET,
        pinned: Sequence[str] | Unset = UNSET,
        lists: Mapping[str, Mapping[str, Any] | None] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Preferences:
        """Change your preferences.

        As `Profile.update_preferences`.
        """
        request = Request(
            "PATCH",
            "/api/v2/profile/preferences",
            body=present(
                {
                    "time_zone": time_zone,
                    "locale": locale,
                    "theme": theme,
                    "density": density,
                    "start_page": start_page,
                    "pinned": pinned,
                    "lists": lists,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Preferences = await self._call(request)
        return answer
