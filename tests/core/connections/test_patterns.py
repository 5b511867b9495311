"""Topic patterns: what is subscribed to, what matches, and what is named."""

from __future__ import annotations

import pytest

from penstock.core.connections.patterns import TopicPattern


@pytest.mark.parametrize(
    ("pattern", "asked", "topic", "named"),
    [
        ("sensors/{{deviceId}}/temperature", "sensors/+/temperature", "sensors/a-1/temperature", {"deviceId": "a-1"}),
        ("{{deviceId}}/{{ key }}", "+/+", "a/rms", {"deviceId": "a", "key": "rms"}),
        ("s/{{deviceId}}/{{value}}", "s/+/+", "s/é/21.5", {"deviceId": "é", "value": "21.5"}),
        ("s/+/{{deviceId}}/#", "s/+/+/#", "s/x/a/b/c", {"deviceId": "a"}),
        ("s/{{deviceId}}/#", "s/+/#", "s/a", {"deviceId": "a"}),
        ("$share/penstock/s/{{deviceId}}", "$share/penstock/s/+", "s/a", {"deviceId": "a"}),
        ("/{{deviceId}}/", "/+/", "/a/", {"deviceId": "a"}),
        ("s/{{deviceId}}", "s/+", "s/", {"deviceId": ""}),
    ],
)
def test_a_pattern_is_asked_for_and_names_what_it_matches(pattern: str, asked: str, topic: str, named: dict[str, str]) -> None:
    found = TopicPattern(pattern)
    assert (found.filter, found.match(topic)) == (asked, named)


@pytest.mark.parametrize("topic", ["sensors/a", "sensors/a/temperature/x", "Sensors/a/temperature", "sensors/a/Temperature", ""])
def test_a_topic_that_differs_by_a_byte_or_a_segment_does_not_fit(topic: str) -> None:
    assert TopicPattern("sensors/{{deviceId}}/temperature").match(topic) is None


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("sensors/{{deviceId}}/temperature", "temperature"),
        ("sensors/{{deviceId}}/temperature/{{value}}", "temperature"),
        ("sensors/{{deviceId}}", "value"),
        ("sensors/{{deviceId}}/+", "value"),
        ("sensors/{{deviceId}}/#", "value"),
    ],
)
def test_a_single_value_is_named_by_the_last_plain_segment(pattern: str, key: str) -> None:
    assert TopicPattern(pattern).key == key
