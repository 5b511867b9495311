"""Delivery receipts as message centres write them."""

from __future__ import annotations

import pytest

from penstock.adapters.sms.pdus import MESSAGE_STATE, RECEIPTED_ID, Delivered
from penstock.adapters.sms.receipts import id_of_response, is_receipt, read_receipt
from penstock.core.inboxes.account_models import ReceiptIds
from penstock.core.inboxes.models import Status


def delivered(content: bytes, esm_class: int = 4, options: dict[int, bytes] | None = None) -> Delivered:
    return Delivered(
        source=(1, "1"), destination=(1, "2"), esm_class=esm_class, data_coding=0, content=content, options=options or {}
    )


@pytest.mark.parametrize(
    ("esm_class", "expected"), [(4, True), (0x44, True), (0, False), (0x40, False), (8, False), (0x20, True)]
)
def test_what_is_a_receipt(esm_class: int, expected: bool) -> None:
    assert is_receipt(delivered(b"", esm_class)) is expected


def test_a_message_with_the_parameters_of_a_receipt_is_one() -> None:
    assert is_receipt(delivered(b"", 0, {RECEIPTED_ID: b"77", MESSAGE_STATE: b"\2"}))
    assert not is_receipt(delivered(b"", 0, {RECEIPTED_ID: b"77"}))


@pytest.mark.parametrize(
    ("receipt_ids", "response", "receipt"),
    [
        ("decimal", "1F", "31"),
        ("decimal", "0000001f", "31"),
        ("hex", "31", "1f"),
        ("hex", "031", "0000001F"),
        ("decimal", "m-7", "m-7"),
    ],
)
def test_ids_of_receipts_can_be_in_another_base(receipt_ids: ReceiptIds, response: str, receipt: str) -> None:
    found = read_receipt(delivered(f"id:{receipt} stat:DELIVRD".encode()), 5, receipt_ids)
    assert found is not None
    assert found.provider_id == id_of_response(response, receipt_ids)
    assert id_of_response(response, "same") == response


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (
            b"id:77 sub:001 dlvrd:001 submit date:2605020915 done date:2605020916 stat:DELIVRD err:000 text:Code",
            {},
            ("77", Status.DELIVERED, ""),
        ),
        (b"id:0A1B-2c stat:UNDELIV err:027 Text:x", {}, ("0A1B-2c", Status.FAILED, "UNDELIV, error 027")),
        (b"id:1 stat:EXPIRED err:000", {}, ("1", Status.FAILED, "EXPIRED")),
        (b"id:1 stat:REJECTD", {}, ("1", Status.FAILED, "REJECTD")),
        (b"ID:1 STAT:delivrd ERR:0", {}, ("1", Status.DELIVERED, "")),
        (b"id:1 stat:ACCEPTD", {}, ("1", Status.SENT, "")),
        (b"id:1 stat:ENROUTE", {}, ("1", Status.SENT, "")),
        (b"id:1 sub:001 stat:DELIVRD text:id:2 stat:EXPIRED", {}, ("1", Status.DELIVERED, "")),
        (b"id:1 stat:DELIVRD Text:id:2 stat:EXPIRED", {}, ("1", Status.DELIVERED, "")),
        (b"id:1 stat:DELIVRD id:2 stat:EXPIRED", {}, ("1", Status.DELIVERED, "")),
        (b"", {RECEIPTED_ID: b"77\0", MESSAGE_STATE: b"\2"}, ("77", Status.DELIVERED, "")),
        (b"", {RECEIPTED_ID: b"77\0", MESSAGE_STATE: b"\5"}, ("77", Status.FAILED, "UNDELIVERABLE")),
        (b"id:1 stat:DELIVRD", {RECEIPTED_ID: b"77\0"}, ("77", Status.DELIVERED, "")),
        (b"id:1 stat:DELIVRD", {MESSAGE_STATE: b"\x63"}, ("1", Status.DELIVERED, "")),
    ],
)
def test_receipts(content: bytes, options: dict[int, bytes], expected: tuple[str, Status, str]) -> None:
    found = read_receipt(delivered(content, options=options), 5)
    assert found is not None
    assert (found.provider_id, found.status, found.error, found.at_us) == (*expected, 5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id:1",
        b"stat:DELIVRD",
        b"id: stat:DELIVRD",
        b"id:1 stat:WHAT",
        b"xid:1 stat:DELIVRD",
        b"id:" + b"1" * 65 + b" stat:DELIVRD",
    ],
)
def test_what_says_nothing(content: bytes) -> None:
    assert read_receipt(delivered(content), 5) is None
