"""Settings of the Model Context Protocol."""

from __future__ import annotations

import msgspec


class McpConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the server has an endpoint for assistants, at `/mcp`."""

    enabled: bool
