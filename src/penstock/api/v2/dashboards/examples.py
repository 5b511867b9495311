"""Examples of dashboards for the documentation."""

from __future__ import annotations

from typing import Any

from penstock.api.v2.devices.examples import DEVICE_ID

FOLDER_ID, DASHBOARD_ID, WIDGET_ID, SHARE_ID = "dfo_0c2k9fq7w3f2d", "dsb_0c2k9fq7w3d5b", "wid_0c2k9fq7w3w1d", "dsl_0c2k9fq7w3s1k"
FOLDER_PATH, DASHBOARD_PATH, WIDGET_PATH = {"folder_id": FOLDER_ID}, {"dashboard_id": DASHBOARD_ID}, {"widget_id": WIDGET_ID}
SHARE_PATH = {"share_id": SHARE_ID}
SHARED_TOKEN = "dsh_0000000000000000000000000000004PwmZF"  # noqa: S105  (an example)
TIMES = {"created_at": "2026-04-14T06:00:00Z", "updated_at": "2026-04-14T06:00:00Z"}
FOLDER: dict[str, Any] = {"id": FOLDER_ID, "name": "Buildings", "parent_id": None, **TIMES}
VARIABLE: dict[str, Any] = {
    "name": "floor",
    "kind": "label",
    "label": "Floor",
    "label_key": "floor",
    "labels": {},
    "default": "2",
}
NEW_DASHBOARD: dict[str, Any] = {"name": "Climate", "range": "24h", "variables": [VARIABLE]}
DASHBOARD: dict[str, Any] = {
    "id": DASHBOARD_ID,
    "name": "Climate",
    "description": "",
    "folder_id": None,
    "project_id": None,
    "range": "24h",
    "from": None,
    "to": None,
    "live": False,
    "refresh_s": None,
    "variables": [VARIABLE],
    "widget_count": 1,
    **TIMES,
}
SOURCE: dict[str, Any] = {"device_id": DEVICE_ID, "device_ids": [], "variable": None, "labels": {}}
NEW_OPTIONS: dict[str, Any] = {
    "type": "gauge",
    "source": {"device_id": DEVICE_ID},
    "field": "temperature",
    "min": 0,
    "max": 40,
    "thresholds": [{"value": 30, "color": "#d03030"}],
}
OPTIONS: dict[str, Any] = NEW_OPTIONS | {
    "source": SOURCE,
    "label": "",
    "unit": "",
    "decimals": None,
    "thresholds": [{"value": 30, "color": "#d03030", "label": ""}],
}
NEW_WIDGET: dict[str, Any] = {"title": "Office", "options": NEW_OPTIONS, "x": 0, "y": 0, "w": 4, "h": 3}
PLACE = {"x": 0, "y": 0, "w": 4, "h": 3}
WIDGET: dict[str, Any] = {
    "id": WIDGET_ID,
    "dashboard_id": DASHBOARD_ID,
    "type": "gauge",
    "title": "Office",
    **PLACE,
    "options": OPTIONS,
    "image_at": None,
    **TIMES,
}
LAYOUT: dict[str, Any] = {"widgets": [{"widget_id": WIDGET_ID, **PLACE}]}
IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""
IMAGE_WIDGET: dict[str, Any] = WIDGET | {
    "type": "image",
    "options": {"type": "image", "pins": [], "alt": "Ground floor"},
    "image_at": "2026-04-14T06:00:00Z",
}
DOCUMENT: dict[str, Any] = {
    "format": "penstock-dashboard",
    "version": 1,
    "name": "Climate",
    "description": "",
    "range": "24h",
    "from": None,
    "to": None,
    "live": False,
    "refresh_s": None,
    "variables": [VARIABLE],
    "widgets": [{"options": OPTIONS, "title": "Office", **PLACE}],
}
IMPORTED: dict[str, Any] = {"dashboard": DASHBOARD, "missing_devices": []}
VALUE: dict[str, Any] = {
    "device_id": DEVICE_ID,
    "device_name": "Office",
    "missing": False,
    "field": "temperature",
    "label": "",
    "name": "Temperature",
    "unit": "°C",
    "decimals": 1,
    "value": 21.5,
    "time": "2026-05-02T09:15:04Z",
    "x": None,
    "y": None,
}
DATA: dict[str, Any] = {
    "type": "gauge",
    "query": {"from": "2026-05-01T09:15:05Z", "to": "2026-05-02T09:15:05Z"},
    "bucket": None,
    "values": [VALUE],
    "series": [],
    "columns": [],
    "rows": [],
    "devices": [],
    "truncated": False,
}
BOARD_DATA = {"widgets": [{"widget_id": WIDGET_ID, "data": DATA, "error": None}]}
SHARED_DATA = DATA | {"values": [VALUE | {"device_id": None}]}
SHARED_BOARD_DATA = {"widgets": [{"widget_id": WIDGET_ID, "data": SHARED_DATA, "error": None}]}
NEW_SHARE: dict[str, Any] = {"name": "Lobby", "expires_in_s": 2592000}
SHARE: dict[str, Any] = {
    "id": SHARE_ID,
    "dashboard_id": DASHBOARD_ID,
    "name": "Lobby",
    "token_prefix": "dsh_0000",
    "variables": {},
    "allow_embed": [],
    "expires_at": "2026-12-31T00:00:00Z",
    "created_by": "usr_0c2k9fq7w3v5k",
    "created_at": "2026-04-14T06:00:00Z",
    "last_used_at": None,
    "uses": 0,
}
CREATED_SHARE: dict[str, Any] = {"share": SHARE, "token": SHARED_TOKEN, "url": f"/console/shared/{SHARED_TOKEN}"}
SHARED: dict[str, Any] = {
    "name": "Climate",
    "description": "",
    "range": "24h",
    "from": None,
    "to": None,
    "live": False,
    "refresh_s": None,
    "widgets": [
        {
            "id": WIDGET_ID,
            "type": "gauge",
            "title": "Office",
            **PLACE,
            "options": {name: value for name, value in OPTIONS.items() if name != "source"},
            "image_at": None,
        }
    ],
    "allow_embed": [],
    "expires_at": "2026-12-31T00:00:00Z",
}
SHARED_PATH = {"share_token": SHARED_TOKEN}
SHARED_WIDGET_PATH = SHARED_PATH | WIDGET_PATH
