"""Kaito's three groups of calls, by the scope that a call needs."""

from __future__ import annotations

import pytest

from penstock.api.dialects.kaito.limits import limit_rule
from penstock.core.limits.models import LimitScope, Window
from penstock.settings import load_settings

SETTINGS = {f"PENSTOCK_LIMITS_KAITO_{name}_PER_MINUTE": str(count) for name, count in (("CODE", 3), ("READ", 5), ("WRITE", 7))}


@pytest.mark.parametrize(
    ("scope", "name", "count"),
    [
        ("tokens:code", "group_code", 3),
        ("tokens:read", "group_read", 5),
        ("audit:read", "group_read", 5),
        ("tokens:write", "group_write", 7),
        ("tokens:seed", "group_write", 7),
        ("sms:send", "group_write", 7),
        ("", "group_write", 7),
    ],
)
def test_the_group_of_a_scope(scope: str, name: str, count: int) -> None:
    rule = limit_rule(load_settings(environment=SETTINGS).limits)
    assert rule.surface == "kaito"
    assert rule.group_of is not None
    limit = rule.group_of(scope)
    assert (limit.name, limit.scope, limit.count, limit.window) == (name, LimitScope.GROUP, count, Window.MINUTE)
