"""Topics with placeholders: what a broker is asked for, and what is published to, never a wildcard or another topic."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.connections.topics import (
    MAX_TOPIC_BYTES,
    OF_COMMANDS,
    OF_DOWNLINKS,
    check_command_topic,
    check_topic,
    fill_topic,
    placeholder,
    topic_filter,
)
from penstock.kit.errors import InvalidInput


def refused(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as found:
        act()
    (error,) = found.value.errors
    return error.field, error.detail


def test_placeholders_are_whole_segments() -> None:
    assert [placeholder(one) for one in ("{{deviceId}}", "{{ value }}", "x{{key}}", "{{key}}x", "{{}}", "key")] == [
        "deviceId",
        "value",
        None,
        None,
        None,
        None,
    ]
    assert topic_filter("site/{{deviceId}}/up/{{ key }}/#") == "site/+/up/+/#"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("a/b", set()), ("+/{{deviceId}}/#", {"deviceId"}), ("{{key}}/{{value}}", {"key", "value"}), ("#", set()), ("/", set())],
)
def test_what_is_listened_to(pattern: str, names: set[str]) -> None:
    assert check_topic(pattern, "topic") == names


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("a/#/b", "# only alone"),
        ("a/b#", "# only alone"),
        ("a+/b", r"\+ only alone"),
        ("{{command}}/a", "must contain only the placeholders"),
        ("x{{key}}/a", "must contain only the placeholders"),
        ("{{key}}/{{key}}", "placeholder twice"),
        ("a\x00", "must be an MQTT topic"),
        ("a" * 1025, "must be an MQTT topic"),
    ],
)
def test_what_is_no_pattern(pattern: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        check_topic(pattern, "topic")


def test_commands_need_a_device_and_no_wildcards() -> None:
    assert check_command_topic("{{applicationId}}/{{deviceId}}/{{command}}", "t", OF_COMMANDS) == {
        "applicationId",
        "deviceId",
        "command",
    }
    for wrong, told in (
        ("{{deviceId}}/+", "wildcards"),
        ("{{deviceId}}/a#", "wildcards"),
        ("down/{{command}}", "must name the device"),
    ):
        assert told in refused(lambda wrong=wrong: check_command_topic(wrong, "t", OF_COMMANDS))[1]
    assert (
        "must contain only the placeholders"
        in refused(lambda: check_command_topic("{{deviceId}}/{{command}}", "t", OF_DOWNLINKS))[1]
    )


def test_what_is_missing_or_would_be_another_topic_is_refused_by_name() -> None:
    assert fill_topic("down/{{deviceId}}/{{command}}", {"deviceId": "pump 7", "command": "öffnen"}) == "down/pump 7/öffnen"
    for values in ({}, {"deviceId": None}, {"deviceId": ""}, {"deviceId": "a/b"}, {"deviceId": "+"}, {"deviceId": "a\x00"}):
        assert refused(lambda values=values: fill_topic("down/{{deviceId}}", values))[0] == "deviceId"
    assert "broker's own" in refused(lambda: fill_topic("{{deviceId}}/x", {"deviceId": "$SYS"}))[1]
    assert fill_topic("$share/{{deviceId}}", {"deviceId": "$SYS"}) == "$share/$SYS"
    assert (
        "must not be longer than a topic allows"
        in refused(lambda: fill_topic("{{deviceId}}", {"deviceId": "ä" * (MAX_TOPIC_BYTES // 2 + 1)}))[1]
    )


@given(st.text("a/+#$ \0\x1f\x7f\x9f\ud800Äß{}", min_size=1, max_size=20))
def test_a_value_never_adds_a_level_or_a_wildcard(value: str) -> None:
    try:
        topic = fill_topic("a/{{deviceId}}/b", {"deviceId": value})
    except InvalidInput:
        return
    assert topic.count("/") == 2
    assert not set("+#\x00") & set(topic)
    topic.encode()
