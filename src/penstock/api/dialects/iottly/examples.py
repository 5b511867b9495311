"""Examples for the documentation of Iottly's API: one project, two devices, used in all of them."""

from __future__ import annotations

from typing import Any

PROJECT_ALIAS = "64b0c1f2a9d34e0012ab77c9"
DEVICE_UUID = "c7a4b1de-50d1-4c5e-9f0e-8b2f6a2f1f63"
LICENSE_ID = "5f1ee2c0a7714be38d2207c54a9b6d10"
PROJECT_PATH = {"project_alias": PROJECT_ALIAS}
DEVICE_PATH = PROJECT_PATH | {"device_uuid": DEVICE_UUID}
PROJECT: dict[str, Any] = {
    "id": PROJECT_ALIAS,
    "name": "north-pumps",
    "projectgetagenturl": "https://iot.example.net/getagent/penstock-agent_linux_AMD64.tar.gz",
    "agentfile": "penstock-agent_linux_AMD64.tar.gz",
    "agentapihost": "iot.example.net",
    "board": "Linux AMD64",
}
LICENSES: dict[str, Any] = {
    LICENSE_ID: {
        "status": "paired",
        "board": {
            "macaddress": "02:5a:9e:11:20:7c",
            "operatingstatus": "connected",
            "id": DEVICE_UUID,
            "name": "pump house 2",
        },
    },
    "0b6d7f31c92e4f8aa1c0d5e4f7738291": {"status": "available", "board": {}},
}
DEVICE: dict[str, Any] = {
    "macaddress": "02:5a:9e:11:20:7c",
    "name": "pump house 2",
    "operatingstatus": "connected",
    "token": LICENSE_ID,
    "agent_version": "1.8.3",
    "ID": DEVICE_UUID,
}
DEVICES = {"count": 1, "errors": None, "devices": [DEVICE]}
COMMAND = {"cmd_type": "set_alarm_threshold", "values": {"set_alarm_threshold.threshold": "41.5"}}
MESSAGES = {
    "status": 200,
    "messages": [
        {
            "_id": {"$oid": "69ddd6cf0000000000000033"},
            "from": DEVICE_UUID,
            "to": PROJECT_ALIAS,
            "type": "userdefined",
            "timestamp": {"$date": "2026-04-14T06:12:31.482Z"},
            "devicetimestamp": {"$date": "2026-04-14T06:12:30.000Z"},
            "payload": {"sensor_data_reading": {"temperature": 21.4}},
        }
    ],
}
PAGE = {
    "messages": [
        {
            "from": DEVICE_UUID,
            "to": PROJECT_ALIAS,
            "type": "userdefined",
            "timestamp": "2026-04-14T06:12:31.482",
            "devicetimestamp": "2026-04-14T06:12:30",
            "payload": {"sensor_data_reading": {"temperature": 21.4}},
        }
    ]
}
