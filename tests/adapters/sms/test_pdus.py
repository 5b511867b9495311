"""Messages of SMPP as bytes, read by the codec of another project."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.adapters.sms import pdus
from penstock.adapters.sms.pdus import Frame, Framing, Malformed, Submission
from penstock.core.inboxes.account_models import SmppSettings
from tests.support.message_centre import decoded

SETTINGS = SmppSettings(host="smsc.example.org", system_id="penstock", password="secret", system_type="VMA")
SUBMISSION = Submission(source=(1, "447700900001"), destination=(5, "Bank"), data_coding=8, content=b"\0h\0i", has_header=False)


def test_a_bind_is_read_by_another_codec() -> None:
    found = decoded(pdus.bind(1, SETTINGS))
    assert (found.seqNum, str(found.commandId)) == (1, "CommandId.bind_transceiver")
    assert (found.params["system_id"], found.params["password"], found.params["system_type"]) == (b"penstock", b"secret", b"VMA")
    assert found.params["interface_version"] == 0x34


def test_a_submission_is_read_by_another_codec() -> None:
    found = decoded(pdus.submit(0x7FFFFFFF, SUBMISSION))
    assert (found.seqNum, found.params["source_addr"], found.params["destination_addr"]) == (0x7FFFFFFF, b"447700900001", b"Bank")
    assert found.params["short_message"] == b"\0h\0i"
    assert (str(found.params["source_addr_ton"]), str(found.params["dest_addr_npi"])) == (
        "AddrTon.INTERNATIONAL",
        "AddrNpi.UNKNOWN",
    )


@pytest.mark.parametrize(
    ("content", "command"),
    [
        (pdus.request("enquire_link", 5), "enquire_link"),
        (pdus.request("unbind", 5), "unbind"),
        (pdus.response(Frame(pdus.ENQUIRE_LINK, 0, 5, b"")), "enquire_link_resp"),
        (pdus.response(Frame(pdus.UNBIND, 0, 5, b"")), "unbind_resp"),
        (pdus.response(Frame(pdus.DELIVER_SM, 0, 5, b""), pdus.TEMPORARY), "deliver_sm_resp"),
        (pdus.nack(5, pdus.INVALID_COMMAND), "generic_nack"),
    ],
)
def test_short_messages_are_read_by_another_codec(content: bytes, command: str) -> None:
    found: Any = decoded(content)
    assert (str(found.commandId), found.seqNum) == (f"CommandId.{command}", 5)


def test_secrets_and_texts_are_not_shown() -> None:
    assert "secret" not in repr(SETTINGS)
    assert "0h" not in repr(SUBMISSION)


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 50))
def test_a_stream_is_split_however_it_arrives(bodies: list[bytes], size: int) -> None:
    stream = b"".join((16 + len(body)).to_bytes(4, "big") + b"\0\0\0\5" + b"\0" * 8 + body for body in bodies)
    framing, found = Framing(), list[Frame]()
    for at in range(0, len(stream), size):
        found += framing.feed(stream[at : at + size])
    assert [one.content[16:] for one in found] == bodies


@pytest.mark.parametrize("length", [0, 15, pdus.MAX_PDU_BYTES + 1, 0xFFFFFFFF])
def test_impossible_lengths_are_fatal(length: int) -> None:
    with pytest.raises(Malformed) as caught:
        list(Framing().feed(length.to_bytes(4, "big") + b"\0" * 12))
    assert caught.value.is_fatal


@given(st.binary(max_size=300))
def test_any_body_is_read_or_malformed(body: bytes) -> None:
    with suppress(Malformed):  # and nothing else
        found = pdus.read_delivered(Frame(pdus.DELIVER_SM, 0, 1, b"\0\0\0\0\0\0\0\5" + b"\0" * 8 + body))
        assert isinstance(found.content, bytes)


def test_the_id_of_a_response() -> None:
    assert pdus.message_id_of(Frame(0x80000004, 0, 1, b"\0" * 16 + b"m-77\0")) == "m-77"
    assert pdus.message_id_of(Frame(0x80000004, 0x58, 1, b"\0" * 16)) == ""


def test_statuses_are_said_in_words() -> None:
    assert pdus.status_text(0x58).endswith("(0x00000058)")
    assert "error of the message centre" in pdus.status_text(0x4FF)
