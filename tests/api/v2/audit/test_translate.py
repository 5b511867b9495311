"""Queries of the audit log, and the head of a log that is empty."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.v2.audit import wire
from penstock.api.v2.audit.translate import from_core_head, to_core_filter
from penstock.core.audit.models import Head, Outcome
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import OrgId
from tests.support.days import NOON_US


def asked(**query: Any) -> wire.AuditQuery:
    return msgspec.convert(query, wire.AuditQuery)


def test_a_target_is_a_name_or_a_kind_with_a_name() -> None:
    for text, found in (("key:key_1", ("key", "key_1")), ("key_1", (None, "key_1")), ("key:", ("key", None))):
        filters = to_core_filter(asked(target=text))
        assert (filters.target_kind, filters.target) == found


def test_times_and_outcomes() -> None:
    query = {"from": str(NOON_US // 1_000_000), "to": "2026-05-02T12:00:01Z", "outcome": "failure"}
    filters = to_core_filter(asked(**query))
    assert (filters.from_us, filters.to_us, filters.outcome) == (NOON_US, NOON_US + 1_000_000, Outcome.FAILURE)


@pytest.mark.parametrize(
    "query",
    [{"action": "*"}, {"action": "key create"}, {"from": "soon"}, {"from": "2026-05-02T12:00:01Z", "to": "2026-05-02T12:00:00Z"}],
)
def test_what_makes_no_sense_is_refused(query: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        to_core_filter(asked(**query))


def test_an_empty_log_has_a_head_without_a_time() -> None:
    assert from_core_head(Head(OrgId(1), 0, "0" * 64, 0)) == wire.AuditHead(0, "0" * 64, None)
    assert from_core_head(Head(OrgId(1), 1, "f" * 64, NOON_US)) == wire.AuditHead(1, "f" * 64, "2026-05-02T12:00:00Z")
