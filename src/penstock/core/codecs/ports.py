"""What runs scripts, and what other nouns may ask of codecs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from penstock.kit.ids import DeviceId, OrgId


class Call(StrEnum):
    """What a codec can be asked. `INSPECT` only loads it and tells which functions it has."""

    DECODE_UPLINK = "decodeUplink"
    ENCODE_DOWNLINK = "encodeDownlink"
    DECODE_DOWNLINK = "decodeDownlink"
    INSPECT = "inspect"


class RunStatus(StrEnum):
    """How a call of a script ended."""

    OK = "ok"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_LARGE = "too_large"
    CRASHED = "crashed"
    SUSPENDED = "suspended"


class Script(msgspec.Struct, frozen=True):
    """A script, and the digest that it is known by to whoever keeps scripts."""

    key: bytes
    text: str

    @classmethod
    def of(cls, text: str) -> Script:
        return cls(hashlib.sha256(text.encode()).digest(), text)


class RunOutcome(msgspec.Struct, frozen=True):
    """The end of a call.

    Shape: `text` of one that is OK is JSON: {result, logs: [text]} or {thrown: text, logs} or {missing: true, logs}; of any other
    it is what is known of the reason, perhaps nothing. Units: `took_us` by the clock.
    """

    status: RunStatus
    text: str
    took_us: int


class CodecRunner(Protocol):
    """Runs scripts where they harm nobody: each call for itself, within limits of time, memory and output."""

    async def run(self, org_id: OrgId, script: Script, call: Call, given: bytes) -> RunOutcome:
        """Call a script's function with `given`, which is JSON. Organisations take turns.

        Raises:
            CodecsBusy: too many calls wait already, or it was not this one's turn in time.
        """


class Downlink(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent to a device."""

    f_port: int
    payload: bytes
    warnings: list[str]


class DownlinkEncoder(Protocol):
    """Makes bytes of what a device is to be told: for whoever sends downlinks."""

    async def encode(self, org_id: OrgId, device_id: DeviceId, data: Mapping[str, object], f_port: int | None = None) -> Downlink:
        """The downlink that the device's codec makes of `data`.

        `f_port` is asked for where the codec chooses none.

        Raises:
            DeviceNotFound, NoCodec, CodecFailed, CodecsBusy.
        """
