"""Numbers of Twilio: what its answers mean. The calls themselves are in `tests/e2e/test_sms_providers.py`."""

from __future__ import annotations

import pytest

from penstock.adapters.sms.twilio_numbers import TwilioNumbers
from penstock.core.inboxes.account_errors import NumbersNotSold, ProviderRefused, ProvisioningUnknown, PublicUrlMissing
from penstock.core.inboxes.account_models import AccountKind, LogSettings, OpenAccount, SmsAccount
from penstock.core.inboxes.provisioning import NumberQuery
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer
from penstock.kit.errors import PenstockError, Unavailable
from penstock.kit.ids import OrgId, SmsAccountId
from tests.adapters.sms.test_twilio import SETTINGS, Http, saying

NUMBER, PN = "+447700900001", "PN" + "0" * 32
OWNED = b'{"incoming_phone_numbers": [{"sid": "' + PN.encode() + b'", "phone_number": "+447700900001"}]}'


def opened(kind: AccountKind = AccountKind.TWILIO) -> OpenAccount:
    settings = SETTINGS if kind is AccountKind.TWILIO else LogSettings()
    account = SmsAccount(id=SmsAccountId(7), org_id=OrgId(1), name="x", kind=kind, settings=settings, created_us=1, updated_us=1)
    return OpenAccount(account=account, settings=settings)


def numbers(answer: CallAnswer | PenstockError, public_url: str = "https://iot.example.org/") -> TwilioNumbers:
    return TwilioNumbers(Http(answer), public_url, 5)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (saying(404, b'{"code": 20404}'), ProviderRefused),
        (saying(302), ProviderRefused),
        (saying(429), Unavailable),
        (saying(500, b"<html>"), Unavailable),
        (saying(200, b"<html>"), Unavailable),
        (saying(200, b'{"available_phone_numbers": 1}'), Unavailable),
        (NotReached(reason="no connection"), Unavailable),
        (CallFailed(reason="late"), Unavailable),
        (TargetRefused(reason="private", host="x"), ProviderRefused),
    ],
)
async def test_a_search_that_fails(answer: CallAnswer | PenstockError, expected: type[PenstockError]) -> None:
    with pytest.raises(expected):
        await numbers(answer).search(opened(), NumberQuery(country="GB"))


async def test_what_changes_something_may_have_been_done() -> None:
    for answer in (saying(500), CallFailed(reason="late")):
        with pytest.raises(ProvisioningUnknown):
            await numbers(answer)._call(opened(), "POST", "/IncomingPhoneNumbers.json", {}, changes=True)


async def test_an_id_that_is_none_is_not_called() -> None:
    foreign = numbers(saying(200, OWNED.replace(PN.encode(), b"../../Calls")))
    with pytest.raises(Unavailable):
        await foreign.give_back(opened(), NUMBER)


async def test_a_number_that_only_contains_the_digits_is_another_one() -> None:
    http = Http(saying(200, OWNED))
    await TwilioNumbers(http, "", 5).give_back(opened(), "+44770090000")
    assert [call.method for call in http.calls] == ["GET"]
    await TwilioNumbers(http, "", 5).give_back(opened(), NUMBER)
    assert [call.method for call in http.calls[1:]] == ["GET", "DELETE"]
    assert http.calls[2].url.endswith(f"/IncomingPhoneNumbers/{PN}.json")


async def test_numbers_are_bought_only_where_their_sms_can_arrive() -> None:
    with pytest.raises(PublicUrlMissing):
        await numbers(saying(200, OWNED), "").buy(opened(), NUMBER)
    with pytest.raises(NumbersNotSold):
        await numbers(saying(200, OWNED)).buy(opened(AccountKind.LOG), NUMBER)
