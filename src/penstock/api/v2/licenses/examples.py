"""Examples of licences for the documentation."""

from __future__ import annotations

from typing import Any

PROJECT_PATH = {"project_id": "prj_0c2k9fq7w3b7h"}
LICENSE: dict[str, Any] = {
    "id": "5f1ee2c0a7714be38d2207c54a9b6d10",
    "project_id": "prj_0c2k9fq7w3b7h",
    "status": "paired",
    "device_id": "dev_0c2k9fq7w3m1x",
    "created_at": "2026-04-14T06:00:00Z",
}
