"""The comparison can fail: each difference is found and named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.replay import differences


@pytest.mark.parametrize(
    ("wanted", "found", "said"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["body has the fields ['b', 'a'], not ['a', 'b']"]),
        ({"a": 1}, {"a": 1, "b": 2}, ["body has the fields ['a', 'b'], not ['a']"]),
        ({"a": 1}, {"a": 1.0}, ["body.a is 1.0, not 1"]),
        ({"a": 1}, {"a": True}, ["body.a is True, not 1"]),
        ({"a": None}, {"a": ""}, ["body.a is '', not None"]),
        ([1, 2], [1], ["body has 1 members, not 2"]),
        ([{"a": "{room}"}], [{"a": "dev_1"}], []),
        ([{"a": "{room}"}], [{"a": "dev_2"}], ["body[0].a is 'dev_2', not 'dev_1'"]),
        ("<time>", "2026-05-02T09:15:04Z", []),
        ("<time>", "2026-05-02T09:15:04.120Z", ["body is '2026-05-02T09:15:04.120Z', which is no <time>"]),
        ("<time>", None, ["body is None, which is no <time>"]),
        ("<time or null>", None, []),
        ("<time or null>", "2026-05-02T09:15:04Z", []),
        ("<text>", 4, ["body is 4, which is no <text>"]),
    ],
)
def test_what_differs_is_named(wanted: Any, found: Any, said: list[str]) -> None:
    assert differences(wanted, found, {"room": "dev_1"}) == said
