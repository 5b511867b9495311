"""What is offered to whom, and the pages of documentation."""

from __future__ import annotations

from penstock.api.mcp.calling import with_scopes
from penstock.api.mcp.catalogue import build_catalogue
from penstock.bootstrap.dialects import CHOICES
from tests.security.table import operations

CATALOGUE = build_catalogue(operations(), CHOICES)


def test_scopes_and_beginnings_choose() -> None:
    allowed = with_scopes({"devices:read", "alerts:read"})
    assert set(CATALOGUE.offered(allowed)) >= {"device_list", "alarm_list"}
    assert "rule_list" not in CATALOGUE.offered(allowed)
    assert CATALOGUE.offered(with_scopes({"devices:read", "rules:read"}), "rule_l, device_l") == ["device_list", "rule_list"]
    assert CATALOGUE.offered(allowed, " , ") == CATALOGUE.offered(allowed)
    assert CATALOGUE.offered(allowed, "nothing") == []


def test_a_page_for_each_group_of_operations() -> None:
    page = CATALOGUE.pages["device-profiles"]
    assert page.title == "Device profiles"
    assert "## GET /api/v2/profiles\n\nList device profiles. Scope: `devices:read`." in page.text
    sensors = CATALOGUE.pages["sensors"].text
    assert "## GET /api/v2/devices/{device_id}/sensors/{key}" in sensors
    assert all(page.about for page in CATALOGUE.pages.values())
