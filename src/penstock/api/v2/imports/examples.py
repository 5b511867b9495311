"""Examples of imports for the documentation."""

from __future__ import annotations

import base64
from typing import Any

IMPORT_ID = "imp_0c2k9fq7w3h8k"
IMPORT_PATH = {"import_id": IMPORT_ID}
FILE = "eui,name,type\r\n70b3d57ed0061f2a,Flat 1,water_meter\r\n70b3d57ed0061f2,Flat 2,water_meter\r\n"
BODY = {"content": base64.b64encode(FILE.encode()).decode()}
RUNNING: dict[str, Any] = {
    "id": IMPORT_ID,
    "kind": "devices",
    "dry_run": False,
    "state": "running",
    "rows": 800,
    "done": 350,
    "valid": 349,
    "made": 340,
    "updated": 4,
    "unchanged": 5,
    "failed": 1,
    "author": "ada@example.org",
    "created_at": "2026-04-14T06:00:00Z",
    "started_at": "2026-04-14T06:00:01Z",
    "finished_at": None,
}
CANCELLED = RUNNING | {"state": "cancelled", "finished_at": "2026-04-14T06:00:11Z"}
FAULT = {"row": 3, "column": "eui", "detail": "must be an EUI of 16 hexadecimal digits"}
FAULTS_FILE = "row,column,detail\r\n3,eui,must be an EUI of 16 hexadecimal digits\r\n"
QUEUED = RUNNING | {
    "state": "queued",
    "rows": 2,
    "done": 0,
    "valid": 0,
    "made": 0,
    "updated": 0,
    "unchanged": 0,
    "failed": 0,
    "started_at": None,
    "faults": [],
    "next_cursor": None,
    "preview": [],
}
TEMPLATE = 'eui,name,type\r\n70b3d57ed0061f2a,"Flat 1, cold water",water_meter\r\n'
