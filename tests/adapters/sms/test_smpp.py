"""The connection to a message centre, over sockets: sending at most once, receiving after the commit, and what goes wrong."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from smpp.pdu.operations import EnquireLink, Unbind
from smpp.pdu.pdu_types import (
    AddrTon,
    CommandStatus,
    DataCoding,
    DataCodingDefault,
    EsmClass,
    EsmClassGsmFeatures,
    EsmClassMode,
    EsmClassType,
    MessageState,
)

from penstock.adapters.outbound.resolver import SystemResolver
from penstock.adapters.outbound.streams import GuardedStreams
from penstock.adapters.sms import smpp
from penstock.adapters.sms.smpp import SmppLink, SmppParts
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import SmppSettings
from penstock.core.inboxes.account_states import AccountStates, LinkState
from penstock.core.inboxes.errors import OutcomeUnknown, SmsRefused
from penstock.core.inboxes.long_texts import LongText
from penstock.core.inboxes.models import AccountRef, DeliveryReport, IncomingSms, OutgoingSms, Status, Submitted
from penstock.core.inboxes.parts import PartHeader
from penstock.core.outbound.targets import TargetPolicy
from penstock.kit.clock import SystemClock
from penstock.kit.errors import Unavailable
from penstock.kit.ids import InboxMessageId, OrgId, SmsAccountId
from tests.support.authority import Authority
from tests.support.message_centre import MessageCentre
from tests.support.outbound import outbound_config

ACCOUNT = AccountRef(OrgId(1), SmsAccountId(7))
OURS, THEIRS = "+447700900001", "+447700900123"
LATER = (CommandStatus.ESME_RTHROTTLED, CommandStatus.ESME_RMSGQFUL, CommandStatus.ESME_RSYSERR)


class Intake:
    """Keeps what is reported. `fails` times it stores nothing."""

    def __init__(self) -> None:
        self.received_sms: list[IncomingSms] = []
        self.reports: list[DeliveryReport] = []
        self.fails = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def received(self, account: AccountRef, sms: IncomingSms) -> InboxMessageId | None:
        await self.gate.wait()
        if self.fails:
            self.fails -= 1
            raise Unavailable(reason="the disk is full")
        self.received_sms.append(sms)
        return InboxMessageId(1)

    async def reported(self, account: AccountRef, report: DeliveryReport) -> None:
        self.reports.append(report)


class Texts:
    """The parts of long texts, in memory."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, int], dict[int, str]] = {}

    async def take(self, account: AccountRef, sender: str, recipient: str, header: PartHeader, text: str) -> LongText | None:
        found = self.parts.setdefault((sender, header.reference), {})
        found[header.place] = text
        return LongText(5, "".join(found[place] for place in sorted(found))) if len(found) == header.total else None

    async def finish(self, account: AccountRef, text: LongText) -> None:
        self.parts.clear()


class Rig:
    """A link to a message centre."""

    def __init__(self, centre: MessageCentre, **settings: Any) -> None:
        self.centre = centre
        self.intake, self.texts, clock = Intake(), Texts(), SystemClock()
        self.states = AccountStates(clock)
        config = SmsConfig(
            public_url="",
            response_timeout_s=settings.pop("response_timeout_s", 10),
            enquire_link_s=settings.pop("enquire_link_s", 30),
            reconnect_min_s=0.01,
            reconnect_max_s=0.05,
            max_connections=5,
        )
        outbound = outbound_config(settings.pop("allowed", ("127.0.0.1",)))
        streams = GuardedStreams(outbound, TargetPolicy(outbound), SystemResolver())
        parts = SmppParts(
            config=config,
            streams=streams,
            intake=self.intake,
            long_texts=self.texts,  # type: ignore[arg-type]  # in memory
            states=self.states,
            clock=clock,
            chance=random.Random(1).random,
        )
        fields = {"host": "127.0.0.1", "port": centre.port, "system_id": "penstock", "password": "secret"} | settings
        self.link = SmppLink(parts, ACCOUNT, SmppSettings(**fields))

    async def submit(self, text: str = "Your code is 481902") -> Submitted:
        return await self.link.submit(OutgoingSms(id=InboxMessageId(1), sender=OURS, recipient=THEIRS, text=text))

    async def connected(self) -> None:
        await until(lambda: self.link.is_connected)

    @property
    def error(self) -> str:
        return self.states.find(ACCOUNT.id).last_error or ""


async def until(condition: Any) -> None:
    for _ in range(6_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not happen")


async def nothing_comes() -> None:
    await asyncio.sleep(0.05)


@asynccontextmanager
async def linked(centre: MessageCentre, *, connect: bool = True, **settings: Any) -> AsyncIterator[Rig]:
    rig = Rig(centre, **settings)
    task = asyncio.create_task(rig.link.run())
    try:
        if connect:
            await rig.connected()
        yield rig
    finally:
        rig.link.stop()
        await asyncio.wait_for(task, 60)


@pytest.fixture
async def centre() -> AsyncIterator[MessageCentre]:
    async with MessageCentre() as found:
        yield found


def incoming(content: bytes, coding: Any = DataCodingDefault.SMSC_DEFAULT_ALPHABET, **fields: Any) -> dict[str, Any]:
    return {
        "source_addr": b"447700900123",
        "source_addr_ton": AddrTon.INTERNATIONAL,
        "destination_addr": b"447700900001",
        "dest_addr_ton": AddrTon.INTERNATIONAL,
        "short_message": content,
        "data_coding": DataCoding(schemeData=coding),
    } | fields


WITH_HEADER = EsmClass(EsmClassMode.DEFAULT, EsmClassType.DEFAULT, {EsmClassGsmFeatures.UDHI_INDICATOR_SET})
RECEIPT = EsmClass(EsmClassMode.DEFAULT, EsmClassType.SMSC_DELIVERY_RECEIPT)


async def test_an_sms_is_submitted_and_its_receipt_reported(centre: MessageCentre) -> None:
    async with linked(centre) as rig:
        assert (await rig.submit("Ready? {€5}")).provider_ids == ("m1",)
        sent = centre.submitted[0].params
        assert (sent["source_addr"], sent["destination_addr"]) == (OURS[1:].encode(), THEIRS[1:].encode())
        assert sent["short_message"] == b"Ready? \x1b\x28\x1b\x655\x1b\x29"
        assert sent["data_coding"].schemeData is DataCodingDefault.SMSC_DEFAULT_ALPHABET
        assert "SMSC_DELIVERY_RECEIPT_REQUESTED" in str(sent["registered_delivery"].receipt)
        text = b"id:m1 sub:001 dlvrd:001 submit date:2605020915 done date:2605020916 stat:DELIVRD err:000 text:Ready?"
        sequence = centre.deliver(incoming(text, esm_class=RECEIPT))
        assert (await centre.response(sequence)).status is CommandStatus.ESME_ROK
        state = {"receipted_message_id": b"m1", "message_state": MessageState.UNDELIVERABLE}
        await centre.response(centre.deliver(incoming(b"", esm_class=RECEIPT, **state)))
        assert [(one.provider_id, one.status) for one in rig.intake.reports] == [("m1", Status.DELIVERED), ("m1", Status.FAILED)]
        assert rig.intake.received_sms == []
    assert centre.unbinds == 1, "it signs out"


async def test_long_texts_with_emoji_are_submitted_in_whole_characters(centre: MessageCentre) -> None:
    text = "Grüße aus Köln, ваш код 481902 " + "👍🏽🎉" * 30
    async with linked(centre) as rig:
        ids = (await rig.submit(text)).provider_ids
    assert ids == tuple(f"m{place}" for place in range(1, len(ids) + 1))
    contents = [one.params["short_message"] for one in centre.submitted]
    assert len(contents) == len(ids) > 1
    assert {content[:5] for content in contents} == {contents[0][:4] + bytes((len(ids),))}
    assert [content[5] for content in contents] == list(range(1, len(ids) + 1))
    assert "".join(content[6:].decode("utf-16-be") for content in contents) == text, "strict: no half of an emoji"
    assert all(one.params["data_coding"].schemeData is DataCodingDefault.UCS2 for one in centre.submitted)
    assert all(EsmClassGsmFeatures.UDHI_INDICATOR_SET in one.params["esm_class"].gsmFeatures for one in centre.submitted)
    assert all(len(content) <= 140 for content in contents)


async def test_a_default_alphabet_of_latin1(centre: MessageCentre) -> None:
    async with linked(centre, alphabet="latin1") as rig:
        await rig.submit("Café @ 5")
        await rig.submit("5 €")
        await centre.response(centre.deliver(incoming("Café".encode("latin-1"))))
        assert rig.intake.received_sms[0].text == "Café"
    assert [one.params["short_message"] for one in centre.submitted] == ["Café @ 5".encode("latin-1"), "5 €".encode("utf-16-be")]


async def test_an_sms_is_received_and_confirmed_after_it_is_stored(centre: MessageCentre) -> None:
    async with linked(centre) as rig:
        rig.intake.gate.clear()
        sequence = centre.deliver(incoming(b"Code 481902 \x00 ok"))
        await nothing_comes()
        assert centre.responses == {}, "nothing is confirmed before the commit"
        rig.intake.gate.set()
        assert (await centre.response(sequence)).status is CommandStatus.ESME_ROK
        found = rig.intake.received_sms[0]
        assert (found.sender, found.recipient, found.text) == (THEIRS, OURS, "Code 481902 @ ok")
        rig.intake.fails = 1
        sequence = centre.deliver(incoming(b"again"))
        assert (await centre.response(sequence)).status is CommandStatus.ESME_RX_T_APPN, "to be delivered again"
        assert "disk is full" in rig.error
        # Two equal messages are two messages.
        for _ in range(2):
            await centre.response(centre.deliver(incoming(b"yes")))
        assert len({one.provider_id for one in rig.intake.received_sms}) == 3


async def test_long_texts_are_received_by_header_by_options_and_by_payload(centre: MessageCentre) -> None:
    text = "Ваш код 👍🏽 " * 12
    half = text.encode("utf-16-be")
    async with linked(centre) as rig:
        for place, content in ((2, half[134:]), (1, half[:134])):
            part = incoming(bytes((5, 0, 3, 9, 2, place)) + content, DataCodingDefault.UCS2, esm_class=WITH_HEADER)
            await centre.response(centre.deliver(part))
        for place, content in ((1, b"left, "), (2, b"right")):
            sar = {"sar_msg_ref_num": 500, "sar_total_segments": 2, "sar_segment_seqnum": place}
            await centre.response(centre.deliver(incoming(content, **sar)))
        await centre.response(centre.deliver(incoming(b"", message_payload=b"x" * 2_000)))
        await centre.response(centre.deliver(incoming("café".encode("latin-1"), DataCodingDefault.LATIN_1)))
    assert [one.text for one in rig.intake.received_sms] == [text, "left, right", "x" * 2_000, "café"]
    assert rig.intake.received_sms[0].provider_id == "text-5"


@pytest.mark.parametrize("status", LATER)
async def test_a_busy_message_centre_is_asked_again_later(centre: MessageCentre, status: Any) -> None:
    centre.answer = lambda pdu: status
    async with linked(centre) as rig:
        with pytest.raises(Unavailable):
            await rig.submit()
    assert len(centre.submitted) == 1, "the queue repeats it, the link does not"


async def test_a_rejected_sms_is_refused(centre: MessageCentre) -> None:
    centre.answer = lambda pdu: CommandStatus.ESME_RINVDSTADR
    async with linked(centre) as rig:
        with pytest.raises(SmsRefused) as caught:
            await rig.submit()
        assert "0x0000000b" in caught.value.detail
        with pytest.raises(SmsRefused):
            await rig.submit("a" * 2_000)
    assert len(centre.submitted) == 1


async def test_a_lost_connection_leaves_the_outcome_unknown_and_submits_once(centre: MessageCentre) -> None:
    centre.answer = lambda pdu: None
    async with linked(centre) as rig:
        sending = asyncio.create_task(rig.submit("a" * 300))
        await centre.until(lambda: centre.submitted)
        assert not sending.done()
        centre.drop()
        with pytest.raises(OutcomeUnknown):
            await sending
        centre.answer = lambda pdu: CommandStatus.ESME_ROK
        await centre.bound(2)
        await rig.connected()
        await nothing_comes()
        assert len(centre.submitted) == 1, "nothing is submitted again over the new connection"
        await rig.submit()
        assert len(centre.submitted) == 2


async def test_without_a_connection_nothing_is_sent() -> None:
    async with MessageCentre() as centre:
        rig = Rig(centre)
        with pytest.raises(Unavailable):
            await rig.submit()
        async with linked(centre) as rig:
            pass
        with pytest.raises(Unavailable):
            await rig.submit()
    assert centre.submitted == []


async def test_a_part_that_fails_behind_others_leaves_the_outcome_unknown(centre: MessageCentre) -> None:
    centre.answer = lambda pdu: CommandStatus.ESME_RTHROTTLED if len(centre.submitted) == 2 else CommandStatus.ESME_ROK
    async with linked(centre) as rig:
        with pytest.raises(OutcomeUnknown) as caught:
            await rig.submit("a" * 400)
    assert "part 2 of 3" in caught.value.detail
    assert len(centre.submitted) == 2, "each part at most once, and none after the one that failed"


async def test_no_response_in_time_leaves_the_outcome_unknown(centre: MessageCentre) -> None:
    centre.answer = lambda pdu: None
    async with linked(centre, response_timeout_s=0.1, window=1) as rig:
        first, second = await asyncio.gather(rig.submit(), rig.submit(), return_exceptions=True)
        assert isinstance(first, OutcomeUnknown)
        assert isinstance(second, OutcomeUnknown | Unavailable)


async def test_the_window_is_kept(centre: MessageCentre) -> None:
    centre.answer = lambda pdu: None
    async with linked(centre, window=3) as rig:
        sending = [asyncio.create_task(rig.submit()) for _ in range(10)]
        await centre.until(lambda: len(centre.submitted) == 3)
        await nothing_comes()
        assert len(centre.submitted) == 3
        centre.drop()
        found = await asyncio.gather(*sending, return_exceptions=True)
    assert sum(isinstance(one, OutcomeUnknown) for one in found) == 3
    assert sum(isinstance(one, Unavailable) for one in found) == 7


async def test_a_wrong_password_is_reported_and_tried_again(centre: MessageCentre) -> None:
    async with linked(centre, connect=False, password="wrong") as rig:
        await centre.bound(3)
        assert "refused the bind" in rig.error
        assert not rig.link.is_connected
        assert rig.states.find(ACCOUNT.id).state in (LinkState.WAITING, LinkState.CONNECTING)


async def test_links_are_checked_from_both_sides(centre: MessageCentre) -> None:
    async with linked(centre, enquire_link_s=0.05, response_timeout_s=0.2) as rig:
        centre.request(EnquireLink)
        await centre.until(lambda: centre.enquiries and centre.responses)
        centre.answers_enquiries = False
        await centre.bound(2)
        assert "does not answer" in rig.error


async def test_the_message_centre_can_end_the_session(centre: MessageCentre) -> None:
    async with linked(centre) as rig:
        centre.request(Unbind)
        await centre.until(lambda: centre.responses)
        await centre.bound(2)
        assert "ended the session" in rig.error


async def test_a_message_whose_confirmation_was_lost_keeps_its_id(centre: MessageCentre) -> None:
    async with linked(centre) as rig:
        rig.intake.gate.clear()
        centre.deliver(incoming(b"once"))
        await nothing_comes()
        centre.drop()
        await nothing_comes()
        rig.intake.gate.set()
        await centre.bound(2)
        await rig.connected()
        await centre.response(centre.deliver(incoming(b"once")))
        assert len({one.provider_id for one in rig.intake.received_sms}) == 1
        await centre.response(centre.deliver(incoming(b"once")))
        assert len({one.provider_id for one in rig.intake.received_sms}) == 2, "a third one is another message"


@pytest.mark.parametrize(
    "content",
    [
        b"GET / HTTP/1.1\r\nHost: centre\r\n\r\n",
        b"\0\0\0\x05" + b"\0" * 12,
        b"\x7f\xff\xff\xff" + b"\0" * 12,
        (70_001).to_bytes(4, "big") + b"\0" * 12,
    ],
)
async def test_what_is_no_message_ends_the_connection(centre: MessageCentre, content: bytes) -> None:
    async with linked(centre) as rig:
        centre.send(content)
        await centre.bound(2)
        await rig.connected()
        assert "bytes; the limit is" in rig.error
        assert (await rig.submit()).provider_ids == ("m1",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\1\1" + b"4" * 100 + b"\0",
        b"\0\1\x01447\0\1\x01448\0\0\0\0\0\0\0\0\0\0\xffabc",
        b"\0\1\x01447\0\1\x01448\0\0\0\0\0\0\0\0\0\0\3abc\x04\x24\xff\xff",
        b"\xff" * 64,
    ],
)
async def test_a_damaged_message_is_rejected_and_the_connection_stays(centre: MessageCentre, body: bytes) -> None:
    async with linked(centre) as rig:
        assert (await centre.response(centre.deliver(body))).status is CommandStatus.ESME_RX_P_APPN
        await centre.response(centre.deliver(incoming(b"fine")))
        assert [one.text for one in rig.intake.received_sms] == ["fine"]
        assert len(centre.binds) == 1


async def test_unknown_options_and_commands_do_no_harm(centre: MessageCentre) -> None:
    async with linked(centre) as rig:
        body = b"\0\1\x01447700900123\0\1\x01447700900001\0\0\0\0\0\0\0\0\0\0\2hi\x14\x00\x00\x03abc\x00\x05\x00\x01\x01"
        assert (await centre.response(centre.deliver(body))).status is CommandStatus.ESME_ROK
        centre.send(bytes.fromhex("00000010000001030000000000000063"))  # a data_sm
        await centre.until(lambda: centre.nacks)
        assert rig.intake.received_sms[0].text == "hi"
        assert centre.nacks[0].seqNum == 99


async def test_a_private_address_is_not_connected(centre: MessageCentre) -> None:
    async with linked(centre, connect=False, allowed=()) as rig:
        await until(lambda: rig.error)
        assert "not public" in rig.error
    assert centre.binds == []


async def test_a_message_centre_is_reached_through_tls_if_its_certificate_is_right(tmp_path: Path) -> None:
    authority, other = Authority(tmp_path), Authority(tmp_path)
    pair = authority.pair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    async with MessageCentre(tls=context) as centre:
        async with linked(centre, tls=True, ca_pem=authority.certificate.decode()) as rig:
            assert (await rig.submit()).provider_ids == ("m1",)
        assert centre.unbinds == 1
        for settings, expected in (
            ({"tls": True, "ca_pem": other.certificate.decode()}, "certificate is not valid"),
            ({"tls": True, "ca_pem": "nothing"}, "cannot be read"),
        ):
            async with linked(centre, connect=False, **settings) as rig:
                await until(lambda rig=rig: rig.error)
                assert expected in rig.error
        assert len(centre.binds) == 1, "the password went to no other"


async def test_a_message_centre_that_refuses_slowly_is_asked_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "STEADY_S", 0.0)
    async with MessageCentre() as centre, linked(centre, connect=False, password="wrong") as rig:
        attempts: list[int] = []
        pause = rig.link._pause

        async def noted(attempt: int, reason: str) -> None:
            attempts.append(attempt)
            await pause(attempt, reason)

        rig.link._pause = noted  # type: ignore[method-assign]
        await centre.bound(4)
        assert attempts[:3] == sorted(set(attempts[:3])), "each pause is longer"
        assert "wrong" not in rig.error
