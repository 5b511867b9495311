"""How requests of assistants are counted: those that call no operation cost something too."""

from __future__ import annotations

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.limits.surfaces import LimitRule

MCP = "mcp"


def mcp_rule(config: LimitsConfig) -> LimitRule:
    """A limit for each caller, in addition to those of the API."""
    requests = Limit("mcp_minute", LimitScope.GROUP, config.mcp_requests_per_minute, Window.MINUTE)
    return LimitRule(surface=MCP, group_of=lambda scope: requests)
