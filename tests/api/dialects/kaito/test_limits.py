"""Kaito's three groups of calls, by the scope that a call needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.api.dialects.kaito.limits import limit_rule
from penstock.core.limits.models import LimitScope, Window
from penstock.settings import SettingsInvalid, load_settings
from tests.support.in_process import in_process_server

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


def test_a_group_is_counted_for_itself(tmp_path: Path) -> None:
    few = {"PENSTOCK_LIMITS_KAITO_READ_PER_MINUTE": "4"}
    with in_process_server(tmp_path / "data", environment=few) as server, server.client(server.orgs["Acme"]) as api:
        answers = [api.get("/v1/audit") for _ in range(5)]
        assert api.get("/api/v2/me").status_code == 200
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert answers[4].json()["error"]["code"] == "rate_limited"
    assert "retry-after" in answers[4].headers


def test_the_defaults_and_a_value_that_cannot_be() -> None:
    group_of = limit_rule(load_settings(environment={}).limits).group_of
    assert group_of is not None
    assert [group_of(scope).count for scope in ("tokens:code", "audit:read", "webhooks:write")] == [60, 300, 60]
    with pytest.raises(SettingsInvalid, match="PENSTOCK_LIMITS_KAITO_READ_PER_MINUTE: must be a whole number between 1 and"):
        load_settings(environment={"PENSTOCK_LIMITS_KAITO_READ_PER_MINUTE": "0"})
