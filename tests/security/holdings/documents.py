"""The logo on an organisation's documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.api.v2.documents.examples import IMAGE


def make_logo(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A logo. It has no id."""
    call("PUT", "/api/v2/organization/logo", {"content": IMAGE})
    return {}
