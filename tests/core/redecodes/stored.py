"""Stored uplinks, and the codec that decodes them again."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from penstock.core.codecs.store import CodecInUse
from penstock.core.redecodes.decoding import Limits
from penstock.core.telemetry.models import Reading, Source
from penstock.core.uplinks.models import NetworkMessage
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import CodecId, DeviceId, OrgId, Prefix, ProfileId, Seq, encode
from tests.support.days import NOON_US

PROFILE = ProfileId(5)
NOW = CodecInUse(settings={"k": 1}, profile_id=PROFILE, codec_id=CodecId(7), number=2)
BEFORE = {"profile_id": encode(Prefix.PROFILE, PROFILE), "version": 1}
PRESENT = BEFORE | {"version": 2}
FAILED = BEFORE | {"status": "failed", "errors": ["too short"]}
DECODED = BEFORE | {"status": "decoded"}


LIMITS = Limits(max_readings=5, max_payload_bytes=400, max_ahead_us=SECOND_US)


def payload(values: dict[str, Any], raw: bytes | None = b"\x01\x02", **about: Any) -> bytes:
    """The payload of a stored uplink, as it is written on arrival."""
    metadata = {"network": "chirpstack_v4", "f_port": 10, "f_cnt": 3}
    metadata |= {} if raw is None else {"data": base64.b64encode(raw).decode()}
    return msgspec.json.encode(values | {"lorawan": metadata | about | {"rssi_dbm": -104}})


def stored(stored_payload: bytes, seq: int = 1, *, device: int = 10, org: int = 1, time_us: int = NOON_US) -> Reading:
    made = Reading(OrgId(org), DeviceId(device), time_us, time_us, stored_payload, source=Source.LORAWAN)
    made.seq = Seq(seq)
    return made


def derive(message: NetworkMessage) -> dict[str, object]:
    """An endpoint that adds the double of a value."""
    value = (message.values or {}).get("v")
    return {"double": value * 2} if isinstance(value, int) else {}
