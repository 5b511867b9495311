"""Twilio's calls: under which URL a signature is checked, and that an answer follows the commit.

What the calls do is in `tests/e2e/test_sms_providers.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from penstock.core.inboxes.account_models import AccountKind, OpenAccount, SmsAccount, TwilioSettings
from penstock.core.inboxes.models import AccountRef, DeliveryReport, IncomingSms
from penstock.ingress.sms.signatures import signature_of
from penstock.ingress.sms.twilio import TwilioCalls, TwilioParts
from penstock.kit.client import ClientAddress
from penstock.kit.clock import SystemClock
from penstock.kit.errors import Unavailable
from penstock.kit.http import BodyBudget
from penstock.kit.ids import InboxMessageId, OrgId, Prefix, SmsAccountId, encode

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "a-token"
ACCOUNT = AccountRef(OrgId(1), SmsAccountId(7))
PATH = f"/sms/twilio/{encode(Prefix.SMS_ACCOUNT, ACCOUNT.id)}/inbound"
SMS = [("MessageSid", "SM1"), ("AccountSid", SID), ("From", "+447700900123"), ("To", "+447700900001"), ("Body", "Hi")]


class Site:
    """Everything that the calls need, in memory."""

    def __init__(self, public_url: str = "", trusted: tuple[str, ...] = ()) -> None:
        self.received_sms: list[IncomingSms] = []
        self.reports: list[DeliveryReport] = []
        self.fails = False
        self.sms_accounts = self
        self.settings = TwilioSettings(account_sid=SID, auth_token=TOKEN)
        parts: Any = {
            "accounts": self,
            "database": self,
            "intake": self,
            "gate": self,
            "clients": ClientAddress(trusted),
            "budget": BodyBudget(100_000),
            "clock": SystemClock(),
            "public_url": public_url,
        }
        self.calls = TwilioCalls(TwilioParts(**parts))

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[Site]:
        yield self

    async def find_owner(self, account_id: SmsAccountId) -> AccountRef | None:
        return ACCOUNT if account_id == ACCOUNT.id else None

    async def open(self, ref: AccountRef) -> OpenAccount:
        account = SmsAccount(
            id=ref.id,
            org_id=ref.org_id,
            name="Twilio",
            kind=AccountKind.TWILIO,
            settings=self.settings,
            created_us=0,
            updated_us=0,
        )
        return OpenAccount(account=account, settings=self.settings)

    async def check_running(self, org_id: OrgId) -> None:
        pass

    async def received(self, account: AccountRef, sms: IncomingSms) -> InboxMessageId | None:
        if self.fails:
            raise Unavailable(reason="the disk is full")
        self.received_sms.append(sms)
        return InboxMessageId(1)

    async def reported(self, account: AccountRef, report: DeliveryReport) -> None:
        self.reports.append(report)

    async def call(
        self, url: str, fields: list[tuple[str, str]] = SMS, *, status: bool = False, peer: str = "192.0.2.1", **headers: str
    ) -> tuple[int, bytes]:
        """Call with the signature of a URL. Returns the status and the body of the answer."""
        sent: list[dict[str, Any]] = []
        names = {"host": "iot.example.org", "x-twilio-signature": signature_of(TOKEN, url, fields)}
        names |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"a=b",
            "client": (peer, 1),
            "headers": [(name.encode(), value.encode()) for name, value in names.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": urlencode(fields).encode()}

        async def send(message: Any) -> None:
            sent.append(message)

        await (self.calls.status if status else self.calls.inbound)(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]


FORWARDED = {"x_forwarded_proto": "https", "x_forwarded_host": "sms.example.org"}


@pytest.mark.parametrize(
    ("public_url", "trusted", "headers", "signed"),
    [
        ("", (), {}, "http://iot.example.org"),
        ("", (), FORWARDED, "http://iot.example.org"),
        ("", ("192.0.2.0/24",), FORWARDED, "https://sms.example.org"),
        ("", ("192.0.2.0/24",), {"x_forwarded_proto": "https"}, "https://iot.example.org"),
        ("", ("198.51.100.0/24",), FORWARDED, "http://iot.example.org"),
        ("https://public.example.org/", (), FORWARDED, "https://public.example.org"),
        ("https://public.example.org/base", (), {}, "https://public.example.org/base"),
    ],
)
async def test_the_signed_url(public_url: str, trusted: tuple[str, ...], headers: dict[str, str], signed: str) -> None:
    site = Site(public_url, trusted)
    assert (await site.call(f"{signed}{PATH}?a=b", **headers))[0] == 200
    assert len(site.received_sms) == 1
    for other in ("http://iot.example.org", "https://iot.example.org", "https://sms.example.org"):
        if other != signed:
            assert (await site.call(f"{other}{PATH}?a=b", **headers))[0] == 403
    assert (await site.call(f"{signed}{PATH}", **headers))[0] == 403, "without the query"
    assert len(site.received_sms) == 1


async def test_an_sms_that_is_not_stored_is_not_confirmed() -> None:
    site = Site()
    site.fails = True
    status, body = await site.call(f"http://iot.example.org{PATH}?a=b")
    assert (status, msgspec.json.decode(body)["code"]) == (503, "server.unavailable")


async def test_an_account_without_a_token_authenticates_no_call() -> None:
    site = Site()
    site.settings = TwilioSettings(account_sid=SID)
    url = f"http://iot.example.org{PATH}?a=b"
    assert (await site.call(url, x_twilio_signature=signature_of("", url, SMS)))[0] == 403


@pytest.mark.parametrize(
    ("state", "reported"),
    [
        *(("sent", "sent"), ("delivered", "delivered"), ("read", "delivered"), ("failed", "failed"), ("undelivered", "failed")),
        *(("canceled", "failed"), ("queued", None), ("sending", None), ("accepted", None), ("", None), ("new word", None)),
    ],
)
async def test_states(state: str, reported: str | None) -> None:
    site = Site()
    fields = [("MessageSid", "SM1"), ("AccountSid", SID), ("MessageStatus", state), ("ErrorCode", "30003")]
    assert (await site.call(f"http://iot.example.org{PATH}?a=b", fields, status=True))[0] == 200
    assert [one.status.value for one in site.reports] == ([] if reported is None else [reported])
    assert [one.error for one in site.reports if one.error] == (["Twilio's error 30003"] if reported == "failed" else [])
