"""Requests of assistants have a limit of their own."""

from __future__ import annotations

from penstock.api.mcp.limits import MCP, mcp_rule
from penstock.settings import load_settings


def test_the_limit_is_that_of_the_settings() -> None:
    config = load_settings(environment={"PENSTOCK_LIMITS_MCP_REQUESTS_PER_MINUTE": "7"}).limits
    rule = mcp_rule(config)
    assert rule.group_of is not None
    assert (rule.surface, rule.group_of("").count, rule.needs_api_access) == (MCP, 7, False)
