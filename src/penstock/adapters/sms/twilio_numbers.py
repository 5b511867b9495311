"""Numbers of Twilio: search, buy, and give back.

Source: Twilio's reference of the resources AvailablePhoneNumber and IncomingPhoneNumber.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

import msgspec

from penstock.adapters.sms.twilio import FORM, LATER, caller_of, pause_s, reason_of
from penstock.core.inboxes.account_errors import NumbersNotSold, ProviderRefused, ProvisioningUnknown, PublicUrlMissing
from penstock.core.inboxes.account_models import OpenAccount, TwilioSettings
from penstock.core.inboxes.callbacks import inbound_path
from penstock.core.inboxes.provisioning import AvailableNumber, NumberQuery
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall, OutgoingHttp
from penstock.kit.errors import Unavailable

NOT_TWILIO = "the response is not one of Twilio's API"
_KINDS = {"local": "Local", "mobile": "Mobile", "toll_free": "TollFree"}


class _Available(msgspec.Struct):
    """A number to buy. Unknown fields are ignored."""

    phone_number: str
    locality: str | None = None
    region: str | None = None
    iso_country: str | None = None


class _AvailablePage(msgspec.Struct):
    available_phone_numbers: list[_Available]


class _Owned(msgspec.Struct):
    """A number of the account."""

    sid: Annotated[str, msgspec.Meta(pattern=r"^PN[0-9a-fA-F]{32}$(?!\n)")]
    phone_number: str


class _OwnedPage(msgspec.Struct):
    incoming_phone_numbers: list[_Owned]


Page = TypeVar("Page", _AvailablePage, _OwnedPage)


class TwilioNumbers:
    """Implements `NumberShop`. `public_url` is the URL under which Twilio calls Penstock, or empty."""

    def __init__(self, http: OutgoingHttp, public_url: str, timeout_s: float) -> None:
        self._http = http
        self._public_url = public_url.rstrip("/")
        self._timeout_s = timeout_s

    async def search(self, opened: OpenAccount, query: NumberQuery) -> Sequence[AvailableNumber]:
        asked = {"SmsEnabled": "true", "PageSize": str(query.limit)} | ({"Contains": query.contains} if query.contains else {})
        path = f"/AvailablePhoneNumbers/{query.country}/{_KINDS[query.kind]}.json"
        answer = await self._call(opened, "GET", path, asked, changes=False)
        return [
            AvailableNumber(value=one.phone_number, locality=one.locality, region=one.region, country=one.iso_country)
            for one in _decoded(answer, _AvailablePage).available_phone_numbers[: query.limit]
        ]

    async def buy(self, opened: OpenAccount, value: str) -> None:
        settings_of(opened)
        if not self._public_url:
            raise PublicUrlMissing()
        form = {"SmsUrl": self._public_url + inbound_path(opened.account.id), "SmsMethod": "POST"}
        owned = await self._owned(opened, value)
        if owned is not None:
            await self._call(opened, "POST", f"/IncomingPhoneNumbers/{owned}.json", form, changes=True)
            return
        await self._call(opened, "POST", "/IncomingPhoneNumbers.json", {"PhoneNumber": value} | form, changes=True)

    async def give_back(self, opened: OpenAccount, value: str) -> None:
        owned = await self._owned(opened, value)
        if owned is not None:
            await self._call(opened, "DELETE", f"/IncomingPhoneNumbers/{owned}.json", {}, changes=True)

    async def _owned(self, opened: OpenAccount, value: str) -> str | None:
        """Twilio's id of a number of the account."""
        answer = await self._call(opened, "GET", "/IncomingPhoneNumbers.json", {"PhoneNumber": value}, changes=False)
        # The filter also finds numbers that contain the digits.
        found = [one.sid for one in _decoded(answer, _OwnedPage).incoming_phone_numbers if one.phone_number == value]
        return found[0] if found else None

    async def _call(self, opened: OpenAccount, method: str, path: str, fields: Mapping[str, str], *, changes: bool) -> CallAnswer:
        caller, encoded = caller_of(settings_of(opened)), urlencode(fields)
        call = OutgoingCall(
            url=f"{caller.base}{path}" + (f"?{encoded}" if method == "GET" else ""),
            method=method,
            headers=(("Authorization", caller.authorization), ("Content-Type", FORM), ("Accept", "application/json")),
            body=encoded.encode() if method == "POST" else b"",
            timeout_s=self._timeout_s,
        )
        try:
            answer = await self._http.send(call)
        except NotReached as error:
            raise Unavailable(reason=error.detail) from None
        except CallFailed as error:
            raise _unclear(str(error.facts["reason"]), changes=changes) from None
        except TargetRefused as error:
            raise ProviderRefused(reason=error.detail) from None
        if answer.status in LATER:
            raise Unavailable(reason=reason_of(answer), retry_after_s=pause_s(answer))
        if answer.status >= 500:
            raise _unclear(reason_of(answer), changes=changes)
        if answer.status not in (200, 201, 204):
            raise ProviderRefused(reason=reason_of(answer))
        return answer


def _unclear(reason: str, *, changes: bool) -> ProvisioningUnknown | Unavailable:
    return ProvisioningUnknown(reason=reason) if changes else Unavailable(reason=reason)


def _decoded(answer: CallAnswer, kind: type[Page]) -> Page:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.DecodeError:
        raise Unavailable(reason=NOT_TWILIO) from None


def settings_of(opened: OpenAccount) -> TwilioSettings:
    """The settings of an account at Twilio.

    Raises:
        NumbersNotSold: it is none.
    """
    if not isinstance(opened.settings, TwilioSettings):
        raise NumbersNotSold(kind=opened.account.kind.value)
    return opened.settings
