"""Endpoints between wire and core: options that stay, filters that are cleared, and payloads that are asked for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from penstock.api.v2.webhooks import wire
from penstock.api.v2.webhooks.translate import (
    from_core,
    from_core_created,
    from_core_message,
    to_core,
    to_core_filter,
    to_core_patch,
    to_core_replay,
)
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.webhooks.models import CreatedEndpoint, Filters, Health, Message, MessageStatus, Options, OptionsPatch
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProjectId, WebhookId, WebhookMessageId, encode
from tests.core.webhooks.test_registry import endpoint
from tests.support.days import NOON_US, HeldClock

TEN = encode(Prefix.DEVICE, DeviceId(10))
BATCHED = endpoint(1, options=Options(ordered=True, batch_readings=50, batch_wait_us=9_000_000))
ERRORS = EvaluationErrors(HeldClock())


def patch(**about: Any) -> Any:
    return to_core_patch(msgspec.convert(about, wire.WebhookPatch))


def test_what_is_sent_comes_back() -> None:
    sent: dict[str, Any] = {"url": "https://x", "topics": ["alert.*"], "batch": {"readings": 50, "wait_s": 9}, "ordered": True}
    sent |= {"filters": {"device_ids": [TEN], "labels": {"a": "b"}, "origin": "agent"}}
    made = to_core(msgspec.convert(sent, wire.WebhookCreate))
    assert (made.options, made.filters.device_ids, made.filters.origin) == (BATCHED.options, (10,), "agent")
    shown = msgspec.to_builtins(from_core(endpoint(1, options=made.options, filters=made.filters), ERRORS, NOON_US))
    assert shown["filters"].items() >= sent["filters"].items()
    assert (shown["batch"], shown["ordered"]) == (sent["batch"], True)


def test_an_option_that_is_not_named_stays() -> None:
    assert patch().options == OptionsPatch()
    assert patch(payload_only=True).options == OptionsPatch(payload_only=True)
    assert patch(batch=None).options == OptionsPatch(batch_readings=1)
    assert patch(batch={"readings": 5}, ordered=False).options == OptionsPatch(
        ordered=False, batch_readings=5, batch_wait_us=5_000_000
    )


def test_null_clears() -> None:
    found = patch(filters=None, headers=None, project_id=None)
    assert (found.filters, found.headers, found.project_id) == (Filters(), (), None)
    assert patch().filters is patch().headers is patch().project_id is UNSET


@pytest.mark.parametrize(
    ("about", "field"),
    [({"filters": {"device_ids": [TEN, "x"]}}, "filters.device_ids[1]"), ({"project_id": TEN}, "project_id")],
)
def test_what_makes_no_sense_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        patch(**about)
    assert refused.value.errors[0].field == field


def test_a_secret_is_shown_where_there_is_one() -> None:
    assert from_core_created(CreatedEndpoint(BATCHED, "whsec_1"), ERRORS, NOON_US).secret == "whsec_1"
    assert from_core_created(CreatedEndpoint(BATCHED, ""), ERRORS, NOON_US).secret is None
    assert from_core(endpoint(1), ERRORS, NOON_US).batch is None


def message(**about: Any) -> Message:
    known: dict[str, Any] = {"id": WebhookMessageId(1), "org_id": OrgId(1), "endpoint_id": WebhookId(1), "event_key": "k"}
    known |= {"topic": "alert.raised", "device_id": None, "project_id": ProjectId(0), "created_us": NOON_US, "due_us": NOON_US}
    return Message(**known | {"body": b'{"t": "\xff"}'} | about)


def test_a_payload_is_shown_where_it_is_asked_for_and_there() -> None:
    assert from_core_message(message()).payload is None
    assert from_core_message(message(), with_payload=True).payload == '{"t": "\ufffd"}'
    assert from_core_message(message(body=None), with_payload=True).payload is None


def test_only_what_waits_has_a_next_attempt() -> None:
    assert from_core_message(message()).next_attempt_at == "2026-05-02T12:00:00Z"
    assert from_core_message(message(status=MessageStatus.FAILED)).next_attempt_at is None


def test_replays_of_any_status() -> None:
    assert to_core_replay(wire.WebhookReplay(status="any")).status is None
    assert to_core_replay(wire.WebhookReplay(status="failed")).status is MessageStatus.FAILED
    with pytest.raises(InvalidInput):
        to_core_filter(msgspec.convert({"from": "soon"}, wire.WebhookMessageQuery))


def test_a_pause_is_shown_until_it_ends() -> None:
    paused = endpoint(1, health=Health(failures=6, failing_since_us=1, open_until_us=NOON_US + 1_000_000))
    shown = from_core(paused, ERRORS, NOON_US)
    assert (shown.failures, shown.paused_until) == (6, "2026-05-02T12:00:01Z")
    assert from_core(paused, ERRORS, NOON_US + 1_000_000).paused_until is None
