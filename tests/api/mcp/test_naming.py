"""The names of tools follow from paths."""

from __future__ import annotations

import pytest

from penstock.api.mcp.naming import longer_name, tool_name
from penstock.kit.operation import Operation
from tests.security.table import operations

READS = {one.path: one for one in operations() if one.method == "GET"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v2/devices", "device_list"),
        ("/api/v2/devices/{device_id}", "device_get"),
        ("/api/v2/devices/{device_id}/telemetry/latest", "device_telemetry_latest_get"),
        ("/api/v2/devices/{device_id}/sensors/{key:path}", "device_sensor_get"),
        ("/api/v2/connectors", "connector_list"),
        ("/api/v2/limits", "limits_get"),
        ("/api/v2/usage", "usage_list"),
        ("/api/v2/inbox/addresses", "inbox_address_list"),
        ("/api/v2/alert-events", "alarm_list"),
        ("/api/v2/alerts", "alert_list"),
        ("/api/v2/organization", "org_get"),
        ("/api/v2/groups/{group_id}/members", "team_member_list"),
        ("/api/v2/profiles/{profile_id}", "device_profile_get"),
    ],
)
def test_a_name_follows_from_the_path(path: str, name: str) -> None:
    assert tool_name(READS[path]) == name


def test_what_shares_a_name_gets_a_longer_one() -> None:
    assert longer_name(READS["/api/v2/tokens/{token}/grants"]) == "token_grant_list_of_token"
    assert longer_name(READS["/api/v2/rules/{rule_id}/executions"]) == "rule_execution_list_of_rule"


def test_words_that_end_in_s_alone_are_no_plurals() -> None:
    operation = Operation(method="GET", path="/api/v2/status/{status_id}", surface="v2", tag="", summary="")
    assert tool_name(operation) == "status_get"
