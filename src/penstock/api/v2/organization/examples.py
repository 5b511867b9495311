"""Examples of projects for the documentation."""

from __future__ import annotations

from typing import Any

PROJECT: dict[str, Any] = {
    "id": "prj_0c2k9fq7w3b7h",
    "name": "Default",
    "is_default": True,
    "created_at": "2026-04-14T06:00:00Z",
    "alias": "69ddd3e0c2a9d34e0012ab77",
    "platform": "AMD64",
}
