"""Events as webhooks tell them: public ids and readable times, whatever an entry holds."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.audit.chain import document
from penstock.core.audit.models import AuditEntry, Outcome, Target
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.models import Reading
from penstock.core.webhooks.events import of_audit, of_outbox, of_reading
from penstock.kit.ids import DeviceId, EntryId, OrgId, Prefix, RuleId, Seq, encode
from tests.support.days import NOON_US

TEN = encode(Prefix.DEVICE, DeviceId(10))


def shown(**body: Any) -> dict[str, Any]:
    entry = OutboxEntry(id=EntryId(5), org_id=OrgId(1), topic="alert.raised", subject_id=7, body=msgspec.json.encode(body))
    found: dict[str, Any] = msgspec.json.decode(of_outbox(entry, 99).data)
    return found


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("at_us", NOON_US, {"at": "2026-05-02T12:00:00Z"}),
        ("raised_us", NOON_US, {"raised_at": "2026-05-02T12:00:00Z"}),
        ("raised_us", None, {"raised_at": None}),
        ("device_id", 10, {"device_id": TEN}),
        ("device_id", None, {"device_id": None}),
        ("device_name", "Room", {"device_name": "Room"}),
        ("seq", 3, {"reading_id": encode(Prefix.READING, Seq(3))}),
        ("seq", None, {"reading_id": None}),
        ("chain", [3], {"chain": [encode(Prefix.RULE, RuleId(3))]}),
        ("chain", [], {"chain": []}),
        ("unknown_id", 10, {"unknown_id": 10}),
    ],
)
def test_fields_by_name_and_type(name: str, value: Any, expected: dict[str, Any]) -> None:
    assert shown(**{name: value}) == expected


def test_an_entry_without_time_or_device_happened_now_and_nowhere() -> None:
    bare = of_outbox(OutboxEntry(id=EntryId(5), org_id=OrgId(1), topic="x", subject_id=7, body=b"{}"), 99)
    assert (bare.key, bare.at_us, bare.device_id) == ("outbox:5", 99, None)
    body = b'{"at_us": 3, "device_id": 10}'
    found = of_outbox(OutboxEntry(id=EntryId(6), org_id=OrgId(1), topic="x", subject_id=7, body=body), 99)
    assert (found.key, found.at_us, found.device_id) == ("outbox:6", 3, 10)


def test_a_reading_is_told_with_its_payload_byte_for_byte() -> None:
    payload = b'{"t": 1.50, "n": 12345678901234567890}'
    reading = Reading(1, 10, NOON_US, NOON_US + 1, payload, seq=3)
    event = of_reading(reading)
    assert (event.key, event.at_us, event.topic) == ("reading:3", NOON_US + 1, "reading.telemetry")
    assert event.data.endswith(b'"data":' + payload + b"}")
    assert msgspec.json.decode(event.data)["device_id"] == TEN


def test_an_entry_of_the_audit_log_keeps_its_hashes() -> None:
    entry = AuditEntry(
        org_id=OrgId(1),
        seq=4,
        time_us=NOON_US,
        action="key.create",
        actor_kind="user",
        actor_id="usr_1",
        actor_name="ada",
        address="192.0.2.1",
        target=Target("key", "key_1", "ci"),
        outcome=Outcome.FAILURE,
        details={"after": {"name": "ci"}},
        prev_hash="0" * 64,
        hash="f" * 64,
    )
    event = of_audit(entry)
    found = msgspec.json.decode(event.data)
    assert found.items() >= document(entry).items(), "as it is listed and exported"
    assert (event.key, event.action, found["prev_hash"], found["hash"]) == ("audit:4", "key.create", "0" * 64, "f" * 64)
    assert (found["target"], found["outcome"]) == ({"kind": "key", "id": "key_1", "name": "ci"}, "failure")
