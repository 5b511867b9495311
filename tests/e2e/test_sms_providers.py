"""SMS through providers as users see it: Twilio's own validator and package, and a message centre, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from smpp.pdu.pdu_types import AddrTon, CommandStatus, DataCoding, DataCodingDefault, EsmClass, EsmClassMode, EsmClassType
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from penstock.api.dialects.twilio.sids import encode_account
from penstock.core.inboxes.account_models import AccountKind
from penstock.kit.ids import OrgId, Prefix, decode
from tests.support.in_process import InProcessServer
from tests.support.message_centre import MessageCentre
from tests.support.receivers import Delivery, Receiver, receiving, saying
from tests.support.server import Org
from tests.support.waiting import awaited

SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "b5a1a3c4f09d4fa1b6a8e7d2c3f4a5b6"
OURS, THEIRS = "+447700900001", "+447700900123"
PN = "PN" + "a" * 32
ACCOUNTS, ADDRESSES, MESSAGES = "/api/v2/inbox/accounts", "/api/v2/inbox/addresses", "/api/v2/inbox/messages"
PUBLIC = "https://iot.example.org"
CREATED = json.dumps({"sid": "SM" + "1" * 32, "status": "queued"}).encode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    environment = {
        "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1",
        "PENSTOCK_SMS_PUBLIC_URL": PUBLIC,
        "PENSTOCK_SMS_RECONNECT_MIN_S": "0.05",
        "PENSTOCK_SMS_RECONNECT_MAX_S": "0.1",
    }
    with InProcessServer(tmp_path_factory.mktemp("sms") / "data", environment) as server:
        yield server


class Site:
    """An organisation with one number."""

    def __init__(self, running: InProcessServer) -> None:
        self.running = running
        self.org: Org = running.new_org()
        self.api = running.client(self.org)

    def account(self, kind: AccountKind, **settings: Any) -> dict[str, Any]:
        body = {"kind": kind.value, "name": "Provider", "settings": settings}
        made: dict[str, Any] = self.api.post(ACCOUNTS, json=body).raise_for_status().json()
        number = {"value": OURS, "account_id": made["id"]}
        self.api.post(ADDRESSES, json=number).raise_for_status()
        return made

    def send(self, body: str = "Your code is 481902") -> str:
        answer = self.api.post(MESSAGES, json={"from": OURS, "to": THEIRS, "body": body})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    async def until(self, message_id: str, *states: str) -> dict[str, Any]:
        for _ in range(1_500):
            found: dict[str, Any] = (await asyncio.to_thread(self.api.get, f"{MESSAGES}/{message_id}")).json()
            if found["status"] in states:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(found)

    async def linked(self, path: str) -> None:
        await asyncio.to_thread(awaited, lambda: self.api.get(path).json()["link"]["state"] == "connected" or None)

    def received(self) -> list[dict[str, Any]]:
        return [one for one in self.api.get(MESSAGES).json()["data"] if one["direction"] == "inbound"]


@pytest.fixture
def site(running: InProcessServer) -> Iterator[Site]:
    found = Site(running)
    yield found
    found.api.close()


def twilio_settings(receiver: Receiver) -> dict[str, Any]:
    return {"account_sid": SID, "auth_token": TOKEN, "base_url": f"http://127.0.0.1:{receiver.port}"}


def called(site: Site, path: str, fields: dict[str, str], token: str = TOKEN, url: str = PUBLIC) -> httpx.Response:
    """A call of Twilio, signed by Twilio's own package."""
    signature = RequestValidator(token).compute_signature(url + path, fields)
    with site.running.client() as caller:
        return caller.post(path, data=fields, headers={"X-Twilio-Signature": signature})


async def test_an_sms_goes_out_through_twilio_and_its_state_comes_back(site: Site) -> None:
    async with receiving() as twilio:
        twilio.answer = lambda _: saying(201, body=CREATED)
        account = await asyncio.to_thread(lambda: site.account(AccountKind.TWILIO, **twilio_settings(twilio)))
        assert TOKEN not in json.dumps(account)
        assert account["settings"]["auth_token_set"] is True
        message_id = await asyncio.to_thread(site.send)
        await site.until(message_id, "sent")
        call = twilio.delivered[0]
        assert call.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
        assert dict(parse_qsl(call.body.decode())) == {
            "From": OURS,
            "To": THEIRS,
            "Body": "Your code is 481902",
            "StatusCallback": PUBLIC + account["status_path"],
        }
        state = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered", "AccountSid": SID}
        answer = await asyncio.to_thread(called, site, account["status_path"], state)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml")
        assert (await site.until(message_id, "delivered"))["status"] == "delivered"
        late = state | {"MessageStatus": "sent"}
        assert (await asyncio.to_thread(called, site, account["status_path"], late)).status_code == 200
        assert (await site.until(message_id, "delivered", "sent"))["status"] == "delivered"


@pytest.mark.parametrize(
    ("status", "body", "state", "calls"),
    [
        (400, {"code": 21211, "message": "Invalid To", "status": 400}, "failed", 1),
        (500, {}, "unknown", 1),
        (201, [], "unknown", 1),
    ],
)
async def test_what_twilio_refuses(site: Site, status: int, body: Any, state: str, calls: int) -> None:
    async with receiving() as twilio:
        twilio.answer = lambda _: saying(status, body=json.dumps(body).encode())
        account = await asyncio.to_thread(lambda: site.account(AccountKind.TWILIO, **twilio_settings(twilio)))
        found = await site.until(await asyncio.to_thread(site.send), "failed", "unknown", "sent")
        assert (found["status"], len(twilio.delivered)) == (state, calls)
        shown = (await asyncio.to_thread(site.api.get, f"{ACCOUNTS}/{account['id']}")).json()["link"]
        assert shown["last_error"]
        assert shown["last_error_at"]
        assert state == "unknown" or "21211" in found["error"]
        checked = (await asyncio.to_thread(site.api.post, f"{ACCOUNTS}/{account['id']}/check")).json()
        assert checked["ok"] is False


async def test_a_received_sms_is_stored_once_if_twilio_signed_it(site: Site) -> None:
    async with receiving() as twilio:
        account = await asyncio.to_thread(lambda: site.account(AccountKind.TWILIO, **twilio_settings(twilio)))
    path = account["inbound_path"]
    sms = {"MessageSid": "SMaa", "From": THEIRS, "To": OURS, "Body": "Код 4819 👍🏽 & mehr", "AccountSid": SID, "NumMedia": "0"}

    def calls() -> None:
        for _ in range(2):
            answer = called(site, path, sms)
            assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response></Response>', answer.text
        assert called(site, path, sms | {"MessageSid": "SMbb", "To": "+447700900999"}).status_code == 200, "no number of ours"
        assert [(one["body"], one["from"]) for one in site.received()] == [(sms["Body"], THEIRS)]
        for refused in (
            called(site, path, sms, token="another"),
            called(site, path, sms, url="http://iot.example.org"),
            called(site, path, sms | {"AccountSid": "AC" + "f" * 32}),
            called(site, path.replace("sma_", "sma_1"), sms),
            called(site, "/sms/twilio/sma_0c2k9fq7w3h8k/inbound", sms),
            site.running.client().post(path, data=sms),
            site.running.client().post(path, data=sms, headers={"X-Twilio-Signature": "é".encode()}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "inboxes.signature_invalid")
        assert called(site, path, {"AccountSid": SID, "From": THEIRS, "To": OURS}).json()["errors"][0]["field"] == "MessageSid"
        assert site.running.client().post(path, content=b"a=%ff").status_code == 400
        assert site.running.client().post(path, content=b"a=" + b"b" * 70_000).status_code == 413
        assert len(site.received()) == 1

    await asyncio.to_thread(calls)


RECEIPT = EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT)


async def test_sms_go_through_a_message_centre_both_ways(site: Site) -> None:
    text = "Ваш код 481902 👍🏽🎉 " * 8
    async with MessageCentre() as centre:
        settings = {"host": "127.0.0.1", "port": centre.port, "system_id": "penstock", "password": "secret"}
        account = await asyncio.to_thread(lambda: site.account(AccountKind.SMPP, **settings))
        path = f"{ACCOUNTS}/{account['id']}"
        await centre.bound()
        await site.linked(path)
        assert (await asyncio.to_thread(site.api.post, f"{path}/check")).json()["ok"] is True
        message_id = await asyncio.to_thread(site.send, text)
        await site.until(message_id, "sent")
        contents = [one.params["short_message"] for one in centre.submitted]
        assert len(contents) > 1
        assert "".join(content[6:].decode("utf-16-be") for content in contents) == text
        base = {
            "source_addr": THEIRS[1:].encode(),
            "source_addr_ton": AddrTon.INTERNATIONAL,
            "destination_addr": OURS[1:].encode(),
            "dest_addr_ton": AddrTon.INTERNATIONAL,
        }
        for place in range(1, len(contents) + 1):
            content = f"id:m{place} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode()
            await centre.response(centre.deliver(base | {"short_message": content, "esm_class": RECEIPT}))
        await site.until(message_id, "delivered")
        # The same parts come back, each confirmed before the next is sent; the connection is lost in between.
        coding = DataCoding(schemeData=DataCodingDefault.UCS2)
        for place, (content, pdu) in enumerate(zip(contents, centre.submitted.copy(), strict=True), 1):
            part = base | {"short_message": content, "esm_class": pdu.params["esm_class"], "data_coding": coding}
            response = await centre.response(centre.deliver(part))
            assert response.status is CommandStatus.ESME_ROK
            if place == 1:
                assert await asyncio.to_thread(site.received) == [], "incomplete"
                centre.drop()
                await centre.bound(2)
        assert [(one["body"], one["from"], one["to"]) for one in await asyncio.to_thread(site.received)] == [(text, THEIRS, OURS)]
        assert len(centre.submitted) == len(contents)
        numbers = (await asyncio.to_thread(site.api.get, ADDRESSES)).json()["data"]
        await asyncio.to_thread(site.api.delete, f"{ADDRESSES}/{numbers[0]['id']}")
        assert (await asyncio.to_thread(site.api.delete, path)).status_code == 204
        await centre.until(lambda: centre.unbinds)


class ThroughPenstock(TwilioHttpClient):
    """Twilio's documented way to send its calls elsewhere."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self.base_url), *args, **kwargs)


async def test_twilios_package_sends_and_reads_through_penstock(site: Site) -> None:
    await asyncio.to_thread(lambda: site.account(AccountKind.LOG))

    def program() -> None:
        through = ThroughPenstock(site.running.base_url)
        account = encode_account(OrgId(decode(Prefix.ORGANIZATION, site.org.organization_id) or 0))
        client = Client(account, site.org.api_key, http_client=through)
        made = client.messages.create(to=THEIRS, from_=OURS, body="Hello 👍")
        assert (made.status, made.direction, made.num_segments, made.to, made.from_) == (
            *("queued", "outbound-api", "1", THEIRS, OURS),
        )
        assert made.date_created.tzinfo is not None
        found = client.messages(made.sid).fetch()
        assert (found.sid, found.body, found.account_sid) == (made.sid, "Hello 👍", account)
        for number in range(4):
            client.messages.create(to=THEIRS, from_=OURS, body=f"Number {number}")
        listed = client.messages.list(page_size=2)
        assert [one.body for one in listed] == ["Number 3", "Number 2", "Number 1", "Number 0", "Hello 👍"], "over pages"
        assert [one.body for one in client.messages.list(to=THEIRS, from_=OURS, limit=1)] == ["Number 3"]
        assert client.messages.list(to="+447700900555") == []
        assert client.messages.list(date_sent_after="2000-01-01")
        assert client.messages.list(date_sent="2000-01-01") == []
        for arguments, code, status in (
            ({"to": "nobody", "from_": OURS, "body": "x"}, 21211, 400),
            ({"to": THEIRS, "from_": "+447700900777", "body": "x"}, 21606, 400),
            ({"to": THEIRS, "from_": OURS, "body": "x" * 1_601}, 21617, 400),
            ({"to": THEIRS, "from_": OURS}, 21602, 400),
            ({"to": THEIRS, "from_": OURS, "body": "x", "status_callback": "https://app.example.org/x"}, 20001, 400),
            ({"to": THEIRS, "messaging_service_sid": "MG" + "0" * 32, "body": "x"}, 20001, 400),
        ):
            with pytest.raises(TwilioRestException) as caught:
                client.messages.create(**arguments)
            assert (caught.value.code, caught.value.status) == (code, status), caught.value
        with pytest.raises(TwilioRestException) as caught:
            client.messages("SM" + "0" * 31 + "1").fetch()
        assert (caught.value.code, caught.value.status) == (20404, 404)
        with pytest.raises(TwilioRestException) as caught:
            Client(SID, site.org.api_key, http_client=through).messages(made.sid).fetch()
        assert (caught.value.code, account in caught.value.msg) == (20404, True), "it says which account is meant"
        with pytest.raises(TwilioRestException) as caught:
            Client(account, "wrong", http_client=through).messages(made.sid).fetch()
        assert (caught.value.code, caught.value.status) == (20003, 401)
        through.session.close()

    await asyncio.to_thread(program)


class Shop:
    """Numbers as Twilio rents them out."""

    def __init__(self) -> None:
        self.owned: dict[str, str] = {}
        self.forms: list[dict[str, str]] = []
        self.sick: bytes | None = None

    def answer(self, call: Delivery) -> bytes:
        method, path, query = call.method, *[*call.path.split("?"), ""][:2]
        fields = dict(parse_qsl(query or call.body.decode()))
        resource = path.removeprefix(f"/2010-04-01/Accounts/{SID}/")
        if self.sick is not None and method != "GET":
            return self.sick
        if resource.startswith("AvailablePhoneNumbers/GB/Mobile"):
            assert fields == {"SmsEnabled": "true", "PageSize": "20", "Contains": "900"}
            found = [{"phone_number": OURS, "iso_country": "GB", "locality": None, "capabilities": {"SMS": True}}]
            return saying(200, body=json.dumps({"available_phone_numbers": found}).encode())
        if method == "GET":
            owned = [{"sid": sid, "phone_number": value} for value, sid in self.owned.items()]
            return saying(200, body=json.dumps({"incoming_phone_numbers": owned}).encode())
        if method == "DELETE":
            self.owned = {value: sid for value, sid in self.owned.items() if sid not in path}
            return saying(204)
        self.forms.append(fields)
        if resource == "IncomingPhoneNumbers.json":
            if fields["PhoneNumber"] != OURS or OURS in self.owned:
                return saying(400, body=b'{"code": 21422, "message": "not available", "status": 400}')
            self.owned[OURS] = PN
        return saying(201, body=json.dumps({"sid": PN, "phone_number": OURS}).encode())


async def test_a_number_is_bought_once_and_given_back(site: Site) -> None:
    shop = Shop()
    async with receiving() as twilio:
        twilio.answer = shop.answer
        settings = twilio_settings(twilio)

        def program() -> None:
            body = {"kind": "twilio", "name": "Twilio", "settings": settings}
            account = site.api.post(ACCOUNTS, json=body).raise_for_status().json()
            numbers = f"{ACCOUNTS}/{account['id']}/numbers"
            found = site.api.get(numbers, params={"country": "GB", "type": "mobile", "contains": "900"}).json()["data"]
            assert found == [{"value": OURS, "locality": None, "region": None, "country": "GB"}]
            other = site.api.post(numbers, json={"value": "+447700900777"})
            assert (other.status_code, other.json()["code"], "21422" in other.text) == (422, "inboxes.provider_refused", True)
            shop.sick = saying(500, body=b"<html>")
            unclear = site.api.post(numbers, json={"value": OURS})
            assert (unclear.status_code, unclear.json()["code"]) == (503, "inboxes.provisioning_unknown")
            shop.sick, shop.owned = None, {OURS: PN}  # it had been bought
            made = site.api.post(numbers, json={"value": OURS, "label": "CI"})
            assert (made.status_code, made.json()["account_id"], made.json()["value"]) == (201, account["id"], OURS), made.text
            assert shop.forms[-1] == {"SmsUrl": PUBLIC + account["inbound_path"], "SmsMethod": "POST"}
            count = len(twilio.delivered)
            assert site.api.post(numbers, json={"value": OURS}).status_code == 409
            assert len(twilio.delivered) == count, "what cannot be taken into use is not bought"
            path = f"{numbers}/{made.json()['id']}"
            assert site.api.delete(path).status_code == 204
            assert shop.owned == {}
            assert site.api.get(f"{ADDRESSES}/{made.json()['id']}").json()["released_at"]
            assert site.api.delete(path).status_code == 204, "repeated"
            again = site.api.post(numbers, json={"value": OURS}).json()
            assert shop.forms[-1]["PhoneNumber"] == OURS
            log = site.api.post(ACCOUNTS, json={"kind": "log", "name": "Log"}).json()["id"]
            assert site.api.delete(f"{ACCOUNTS}/{log}/numbers/{again['id']}").status_code == 404
            for query in ({}, {"country": "gb"}, {"country": "GB/.."}, {"country": "GB", "contains": "x"}):
                assert site.api.get(numbers, params=query).status_code == 400
            actions = [one["action"] for one in site.api.get("/api/v2/logs").json()["data"]]
            assert [one for one in actions if one.startswith("sms.number.")][-4:] == [
                *("sms.number.provision", "sms.number.buy", "sms.number.buy", "sms.number.buy"),
            ]

        await asyncio.to_thread(program)
