"""Which topics are whose. What is not a device's own by its letters is not its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.ingress.mqtt.protocol.packets import Reason
from penstock.ingress.mqtt.topics import Right, Route, matches, route, subscription

ME = "dev_0c2k9fq7w3m1x"
OTHER = "dev_0c2k9fq7w3m1y"

PUBLISHED = {
    f"d/{ME}/t": Route(Right.OWN),
    f"d/{ME}/t/a": Route(Right.OWN, "telemetry", "a"),
    f"d/{ME}/t/a/b": Route(Right.OWN, "telemetry", "a/b"),
    f"d/{ME}/s": Route(Right.OWN, "status"),
    f"devices/{ME}/telemetry": Route(Right.OWN),
    f"devices/{ME}/status": Route(Right.OWN, "status"),
    f"devices/{ME}/events": Route(Right.OWN, "event"),
    f"d/{ME}/t/": Route(Right.UNKNOWN),
    f"d/{ME}/s/a": Route(Right.UNKNOWN),
    f"d/{ME}/c": Route(Right.UNKNOWN),
    f"d/{ME}/t/{'x' * 201}": Route(Right.UNKNOWN),
    f"devices/{ME}/telemetry/a": Route(Right.UNKNOWN),
    f"devices/{ME}/commands": Route(Right.UNKNOWN),
    f"d/{ME}/": Route(Right.FOREIGN),
    f"d/{ME}": Route(Right.FOREIGN),
    f"d/{OTHER}/t": Route(Right.FOREIGN),
    f"d/{ME}x/t": Route(Right.FOREIGN),
    f"d/{ME.upper()}/t": Route(Right.FOREIGN),
    f"D/{ME}/t": Route(Right.FOREIGN),
    f"/d/{ME}/t": Route(Right.FOREIGN),
    f"d//{ME}/t": Route(Right.FOREIGN),
    f"live/{ME}/t": Route(Right.FOREIGN),
    f"$SYS/{ME}/t": Route(Right.FOREIGN),
    "t": Route(Right.FOREIGN),
}


@pytest.mark.parametrize("topic", PUBLISHED)
def test_the_route_of_a_topic(topic: str) -> None:
    assert route(ME, topic) == PUBLISHED[topic]


OWN = [f"d/{ME}/c", f"d/{ME}/#", f"d/{ME}/+", f"d/{ME}/+/+", f"devices/{ME}/commands", f"devices/{ME}/#", f"d/{ME}/t/#"]
FOREIGN = [
    "#",
    "+/#",
    "+",
    "+/+/c",
    "d/+/c",
    "d/#",
    "d/+/#",
    "devices/#",
    "devices/+/commands",
    f"+/{ME}/c",
    f"d/{ME}",
    f"d/{OTHER}/c",
    f"d/{OTHER}/#",
    f"D/{ME}/c",
    f"/d/{ME}/c",
    f"$d/{ME}/c",
    "$SYS/#",
    "$SYS/broker/uptime",
    "live/#",
    f"d/{ME}x/#",
    f"d/{ME[:-1]}/#",
    f"d/ {ME}/#",
]
INVALID = ["", f"d/{ME}/#/c", f"d/{ME}/a#", f"d/{ME}/a+", f"d/{ME}/+a", f"d/{ME}/##", f"d/{ME}/{'x' * 600}", "#/c"]


@pytest.mark.parametrize("topic_filter", OWN)
def test_own_filters_are_granted(topic_filter: str) -> None:
    assert subscription(ME, topic_filter) is Reason.SUCCESS


@pytest.mark.parametrize("topic_filter", FOREIGN)
def test_foreign_filters_are_refused(topic_filter: str) -> None:
    assert subscription(ME, topic_filter) is Reason.NOT_AUTHORIZED


@pytest.mark.parametrize("topic_filter", INVALID)
def test_malformed_filters_are_refused(topic_filter: str) -> None:
    assert subscription(ME, topic_filter) is Reason.TOPIC_FILTER_INVALID


@pytest.mark.parametrize("topic_filter", [f"$share/g/d/{ME}/c", "$share/g/#"])
def test_shared_subscriptions_are_refused_by_name(topic_filter: str) -> None:
    assert subscription(ME, topic_filter) is Reason.SHARED_SUBSCRIPTIONS_UNSUPPORTED


LEVELS = st.sampled_from(["d", "devices", ME, OTHER, "+", "#", "c", "", "$SYS"])


@given(st.lists(LEVELS, min_size=1, max_size=6).map("/".join), st.lists(LEVELS, max_size=3).map("/".join))
def test_no_granted_filter_matches_a_topic_of_another(topic_filter: str, rest: str) -> None:
    if subscription(ME, topic_filter) is Reason.SUCCESS:
        for root in ("d", "devices"):
            assert not matches(topic_filter, f"{root}/{OTHER}/{rest}")


@given(st.text(max_size=40))
def test_no_topic_without_the_own_id_is_ones_own(topic: str) -> None:
    assert route(ME, topic).right is Right.FOREIGN or topic.split("/")[1] == ME


@pytest.mark.parametrize(
    ("topic_filter", "topic", "wanted"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/+", "a", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/+/c", "a/b/c", True),
        ("a/b/c", "a/b", False),
        ("a/b", "a/b/c", False),
    ],
)
def test_matching_follows_4_7_1(topic_filter: str, topic: str, wanted: bool) -> None:
    assert matches(topic_filter, topic) is wanted
