"""Twilio's API as a client: one call for an SMS, and what its answer means."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs

import pytest

from penstock.adapters.sms.twilio import TwilioProvider, caller_of
from penstock.core.inboxes.account_models import TwilioSettings
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.errors import OutcomeUnknown, SmsRefused
from penstock.core.inboxes.models import AccountRef, OutgoingSms, Submitted
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from penstock.kit.clock import SystemClock
from penstock.kit.errors import PenstockError, Unavailable
from penstock.kit.ids import InboxMessageId, OrgId, SmsAccountId

SID = "AC0123456789abcdef0123456789abcdef"
SETTINGS = TwilioSettings(account_sid=SID, auth_token="a-token", base_url="https://api.dublin.ie1.twilio.com/")
ACCOUNT = AccountRef(OrgId(1), SmsAccountId(7))


class Http:
    """Answers with one answer, or fails with one error."""

    def __init__(self, answer: CallAnswer | PenstockError) -> None:
        self.answer = answer
        self.calls: list[OutgoingCall] = []

    async def send(self, call: OutgoingCall) -> CallAnswer:
        self.calls.append(call)
        if isinstance(self.answer, PenstockError):
            raise self.answer
        return self.answer


def saying(status: int, body: bytes = b"{}") -> CallAnswer:
    return CallAnswer(status=status, headers={}, body=body)


def provider(http: Http, callback_base: str = "https://iot.example.org/") -> TwilioProvider:
    return TwilioProvider(http, ACCOUNT, SETTINGS, AccountStates(SystemClock()), callback_base, 5)


async def submitted(http: Http, text: str = "Your code is 481902 👍", base: str = "https://iot.example.org/") -> Submitted:
    sms = OutgoingSms(id=InboxMessageId(1), sender="+447700900001", recipient="+447700900123", text=text)
    return await provider(http, base).submit(sms)


async def test_an_sms_is_one_call() -> None:
    http = Http(saying(201, b'{"sid": "SM1", "status": "queued", "more": null}'))
    assert (await submitted(http)).provider_ids == ("SM1",)
    call = http.calls[0]
    assert call.url == f"https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
    assert parse_qs(call.body.decode()) == {
        "From": ["+447700900001"],
        "To": ["+447700900123"],
        "Body": ["Your code is 481902 👍"],
        "StatusCallback": ["https://iot.example.org/sms/twilio/sma_0000000000007/status"],
    }
    authorization = dict(call.headers)["Authorization"]
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{SID}:a-token"
    await submitted(http, base="")
    assert "StatusCallback" not in http.calls[1].body.decode()


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        (saying(400, b'{"code": 21211, "message": "Invalid To", "status": 400}'), SmsRefused, "21211: Invalid To"),
        (saying(401), SmsRefused, "401"),
        (saying(302), SmsRefused, "302"),
        (saying(404, b"<html>"), SmsRefused, "404"),
        (saying(429, b'{"code": 20429, "message": "Too Many Requests"}'), Unavailable, "20429"),
        (saying(503), Unavailable, "503"),
        (saying(500), OutcomeUnknown, "500"),
        (saying(504), OutcomeUnknown, "504"),
        (saying(201, b"<html>"), OutcomeUnknown, "not one of Twilio's"),
        (NotReached(reason="no connection"), Unavailable, "no connection"),
        (CallFailed(reason="the response was not complete in time"), OutcomeUnknown, "in time"),
        (TargetRefused(reason="the host has an address that is not public"), SmsRefused, "not public"),
    ],
)
async def test_what_an_answer_means(answer: CallAnswer | PenstockError, error: type[PenstockError], reason: str) -> None:
    http = Http(answer)
    with pytest.raises(error) as caught:
        await submitted(http)
    assert type(caught.value) is error
    assert reason in caught.value.detail
    assert "481902" not in caught.value.detail
    assert len(http.calls) == 1


async def test_a_text_that_is_too_long_is_not_sent() -> None:
    http = Http(saying(201))
    with pytest.raises(SmsRefused):
        await submitted(http, "a" * 1_601)
    assert http.calls == []


@pytest.mark.parametrize(
    ("answer", "ok", "detail"),
    [
        (saying(200, b'{"status": "active"}'), True, "the account is active"),
        (saying(200, b'{"status": "suspended"}'), False, "the account is suspended"),
        (saying(200, b"[]"), False, "not one of Twilio's"),
        (saying(401, b'{"code": 20003, "message": "Authenticate"}'), False, "20003: Authenticate"),
        (NotReached(reason="no connection"), False, "no connection"),
    ],
)
async def test_an_account_is_checked_without_sending(answer: CallAnswer | PenstockError, ok: bool, detail: str) -> None:
    http = Http(answer)
    found = await provider(http).probe()
    assert (found.ok, detail in found.detail) == (ok, True), found
    assert (http.calls[0].method, http.calls[0].body) == ("GET", b"")
    assert http.calls[0].url.endswith(f"/2010-04-01/Accounts/{SID}.json")


def test_the_token_is_not_shown() -> None:
    assert "a-token" not in repr(SETTINGS)
    assert "YS10b2tlbg" not in repr(caller_of(SETTINGS))
    assert "Basic " not in repr(caller_of(SETTINGS))


async def test_a_success_that_names_no_message_is_unknown() -> None:
    for answer in (saying(202), saying(204, b""), saying(201, b'{"sid": ""}'), saying(200, b'{"sid": "' + b"S" * 65 + b'"}')):
        with pytest.raises(OutcomeUnknown):
            await submitted(Http(answer))


@pytest.mark.parametrize(("asked", "expected"), [("7", 7), ("999999", 3_600), ("soon", 0), ("²", 0), ("9" * 5_000, 0)])
async def test_twilio_says_when_to_try_again(asked: str, expected: int) -> None:
    with pytest.raises(Unavailable) as caught:
        await submitted(Http(CallAnswer(status=429, headers={"retry-after": asked}, body=b"<html>")))
    assert caught.value.facts["retry_after_s"] == expected
