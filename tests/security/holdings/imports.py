"""What an organisation holds of imports."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A dry run with two faults."""
    content = base64.b64encode(f"eui,name\nno-eui,{unique}\nnone,{unique}\n".encode()).decode()
    return {"import_id": str(call("POST", "/api/v2/imports?kind=devices&dry_run=true", {"content": content})["id"])}
