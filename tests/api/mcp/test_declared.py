"""The declared tools: operations that exist, under names that are documented."""

from __future__ import annotations

from pathlib import Path

from penstock.api.mcp.declared import DECLARED, as_device
from penstock.api.mcp.tools import build_tools
from penstock.bootstrap.dialects import CHOICES
from tests.security.table import operations

ROOT = Path(__file__).parents[3]
DOCUMENTED = ("device_list", "device_provision_lorawan", "device_profile_list", "sensor_map", "device_command_list")
DOCUMENTED += ("device_command_execute", "device_command_status", "device_connection_swap", "connector_list", "connection_create")
DOCUMENTED += ("rule_list", "rule_provision", "rule_simulate", "rule_execution_history", "alarm_list", "alarm_stats")
DOCUMENTED += ("dashboard_list", "widget_data_query", "org_get", "team_list", "user_invite", "user_role_assign")
"""The names of a vendor's tools that exist here."""


def test_each_is_an_operation() -> None:
    known = {(one.method, one.path) for one in operations()}
    assert {(one.method, one.path) for one in DECLARED} - known == set()
    assert len({one.name for one in DECLARED}) == len(DECLARED)


def test_the_vendor_s_names_are_here() -> None:
    tools = build_tools(operations(), CHOICES)
    assert set(DOCUMENTED) - tools.keys() == set()


def test_the_pages_name_what_is_declared() -> None:
    surface = (ROOT / "docs" / "surfaces" / "kilo.md").read_text()
    assert [name for name in DOCUMENTED if f"`{name}`" not in surface] == []
    guide = (ROOT / "docs" / "guide" / "mcp.md").read_text()
    assert [one.name for one in DECLARED if f"`{one.name}`" not in guide] == []


def test_a_device_of_a_network_server() -> None:
    body = as_device({"name": "Cellar", "dev_eui": "0011223344556677"})
    assert body == {"name": "Cellar", "identifiers": [{"kind": "eui", "value": "0011223344556677"}]}
