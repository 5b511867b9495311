"""The catalogue of topics, and what an endpoint may name of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.webhooks.topics import CATALOGUE, matches, parse_topics, topic_of_kind
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("wanted", "topic", "same"),
    [
        ("*", "alert.raised", True),
        ("alert.*", "alert.raised", True),
        ("alert.raised", "alert.raised", True),
        ("alert.raised", "alert.cleared", False),
        ("alert", "alert.raised", False),
        ("alert*", "alert.raised", False),
        ("ale.*", "alert.raised", False),
        ("billing.*", "billing.subscription.created", True),
        ("billing.subscription.*", "billing.statement.created", False),
    ],
)
def test_one_or_all_that_begin_alike(wanted: str, topic: str, *, same: bool) -> None:
    assert matches(wanted, topic) is same


def test_topics_from_outside_stand_once_in_their_order() -> None:
    assert parse_topics(["device.*", "alert.raised", "device.*", "*"]) == ("device.*", "alert.raised", "*")
    for wrong in ("alert", "alert.fell", "nothing.*", ".*", "", "alert*", "**"):
        with pytest.raises(InvalidInput) as refused:
            parse_topics(["*", wrong], "events")
        assert [(one.field, one.code) for one in refused.value.errors] == [("events[1]", "unknown")]


@given(st.text("abz_.-*09 Äß\0", max_size=40) | st.sampled_from(["telemetry", "agent", "status", "other", "batch"]))
def test_every_kind_of_reading_has_a_topic_of_the_catalogue(kind: str) -> None:
    topic = topic_of_kind(kind)
    assert topic in CATALOGUE
    assert topic == (f"reading.{kind}" if kind in ("telemetry", "agent", "status") else "reading.other")
