"""A folder, and dashboards with widgets and a share link, so that every list has pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def make_dashboards(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """The values of path parameters that name one of each."""
    project_id = call("GET", f"/api/v2/devices/{device_id}")["project_id"]
    name, variable = unique[:200], f"v_{secrets.token_hex(8)}"
    folders = [call("POST", "/api/v2/dashboard-folders", {"name": name})["id"] for _ in range(2)]
    variables = [{"name": variable, "kind": "device", "default": device_id}]
    wanted = {"name": name, "project_id": project_id, "variables": variables}
    dashboard, _ = [call("POST", "/api/v2/dashboards", wanted)["id"] for _ in range(2)]
    path = f"/api/v2/dashboards/{dashboard}"
    pin = {"x": 1, "y": 1, "source": {"device_id": device_id}, "field": "temperature"}
    options = {"type": "image", "pins": [pin]}
    other, widget = [call("POST", f"{path}/widgets", {"title": name, "options": options})["id"] for _ in range(2)]
    call("PUT", f"/api/v2/widgets/{widget}/image", {"content": IMAGE})
    shares = [call("POST", f"{path}/shares", {"name": name, "expires_in_s": 86_400}) for _ in range(2)]
    return {
        "folder_id": folders[0],
        "parent_id": folders[1],
        "dashboard_id": dashboard,
        "variable": variable,
        "other_widget_id": other,
        "widget_id": widget,
        "share_id": shares[0]["share"]["id"],
        "share_token": shares[1]["token"],
    }
