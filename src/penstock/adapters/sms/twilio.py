"""Twilio's API as a client: sends SMS once, and asks about the account.

Source: Twilio's reference of the resources Messages and Accounts, and of its errors.
"""

from __future__ import annotations

import base64
from typing import Annotated
from urllib.parse import urlencode

import msgspec

from penstock.core.inboxes.account_models import AccountCheck, TwilioSettings
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.callbacks import status_path
from penstock.core.inboxes.errors import OutcomeUnknown, SmsRefused
from penstock.core.inboxes.models import AccountRef, OutgoingSms, Submitted
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall, OutgoingHttp
from penstock.kit.errors import PenstockError, Unavailable
from penstock.kit.secret import hides

FORM = "application/x-www-form-urlencoded"
MAX_CHARACTERS = 1_600
"""The longest text that Twilio accepts."""
MAX_REASON = 200
MAX_PAUSE_S = 3_600
LATER = (429, 503)
"""Statuses of a call that was not accepted and can be repeated."""


class _Problem(msgspec.Struct):
    """Twilio's error. Unknown fields are ignored."""

    code: int | None = None
    message: str = ""


class _Message(msgspec.Struct):
    """A created message. Unknown fields are ignored."""

    sid: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class _Account(msgspec.Struct):
    """The account itself. Unknown fields are ignored."""

    status: str = ""


@hides("authorization")
class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account's calls go, and its credentials in the form of the header."""

    base: str
    authorization: str


def caller_of(settings: TwilioSettings) -> Caller:
    """Where and how to call for an account."""
    pair = f"{settings.account_sid}:{settings.auth_token or ''}".encode()
    base = f"{settings.base_url.rstrip('/')}/2010-04-01/Accounts/{settings.account_sid}"
    return Caller(base=base, authorization=f"Basic {base64.b64encode(pair).decode()}")


class TwilioProvider:
    """One account at Twilio. Implements `SmsProvider`. `callback_base` is the URL under which Twilio calls Penstock, or empty."""

    def __init__(
        self,
        http: OutgoingHttp,
        account: AccountRef,
        settings: TwilioSettings,
        states: AccountStates,
        callback_base: str,
        timeout_s: float,
    ) -> None:
        self._http = http
        self._account = account
        self._caller = caller_of(settings)
        self._states = states
        self._callback_base = callback_base
        self._timeout_s = timeout_s

    async def submit(self, sms: OutgoingSms) -> Submitted:
        if len(sms.text) > MAX_CHARACTERS:
            raise SmsRefused(reason=f"the text has more than {MAX_CHARACTERS} characters")
        try:
            return await self._submit(sms)
        except PenstockError as error:
            self._states.fail(self._account.id, error.detail)
            raise

    async def _submit(self, sms: OutgoingSms) -> Submitted:
        form = {"To": sms.recipient, "From": sms.sender, "Body": sms.text}
        if self._callback_base:
            form["StatusCallback"] = self._callback_base.rstrip("/") + status_path(self._account.id)
        call = OutgoingCall(
            url=f"{self._caller.base}/Messages.json",
            headers=(("Authorization", self._caller.authorization), ("Content-Type", FORM), ("Accept", "application/json")),
            body=urlencode(form).encode(),
            timeout_s=self._timeout_s,
        )
        try:
            answer = await self._http.send(call)
        except NotReached as error:
            raise Unavailable(reason=error.detail) from None
        except CallFailed as error:
            raise OutcomeUnknown(reason=str(error.facts["reason"])) from None
        except TargetRefused as error:
            raise SmsRefused(reason=error.detail) from None
        return Submitted((_sid_of(answer),))

    async def probe(self) -> AccountCheck:
        """Ask for the account itself."""
        headers = (("Authorization", self._caller.authorization), ("Accept", "application/json"))
        call = OutgoingCall(url=f"{self._caller.base}.json", method="GET", headers=headers, timeout_s=self._timeout_s)
        try:
            answer = await self._http.send(call)
        except (CallFailed, TargetRefused) as error:
            return AccountCheck(ok=False, detail=error.detail)
        if answer.status != 200:
            return AccountCheck(ok=False, detail=reason_of(answer))
        try:
            status = msgspec.json.decode(answer.body, type=_Account).status
        except msgspec.DecodeError:
            return AccountCheck(ok=False, detail="the response is not one of Twilio's API")
        return AccountCheck(ok=status == "active", detail=f"the account is {status[:40] or 'of unknown state'}")


def _sid_of(answer: CallAnswer) -> str:
    """The id of the created message.

    Raises:
        SmsRefused, Unavailable, OutcomeUnknown.
    """
    if answer.status in (200, 201):
        try:
            return msgspec.json.decode(answer.body, type=_Message).sid
        except msgspec.DecodeError:
            raise OutcomeUnknown(reason="the response is not one of Twilio's API") from None
    if answer.status in LATER:
        raise Unavailable(reason=reason_of(answer), retry_after_s=pause_s(answer))
    if answer.status >= 500 or answer.status < 300:
        # The message may have been created before the error, or by the success of something that is not Twilio's API.
        raise OutcomeUnknown(reason=reason_of(answer))
    raise SmsRefused(reason=reason_of(answer))


def pause_s(answer: CallAnswer) -> int:
    """The seconds to wait that Twilio asks for, at most an hour; 0 if it asks for none."""
    asked = answer.headers.get("retry-after", "")
    return min(int(asked), MAX_PAUSE_S) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


def reason_of(answer: CallAnswer) -> str:
    """Twilio's code and message. The message can quote the number, not the text."""
    try:
        found = msgspec.json.decode(answer.body, type=_Problem)
    except msgspec.DecodeError:
        found = _Problem()
    code = "" if found.code is None else f" {found.code}"
    return f"Twilio answers {answer.status}: error{code}: {found.message[:MAX_REASON]}".rstrip(": ")
