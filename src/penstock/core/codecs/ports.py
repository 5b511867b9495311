"""The ports to the sandbox that runs scripts, and to codecs for other nouns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from penstock.kit.ids import DeviceId, OrgId


class Call(StrEnum):
    """The functions of a codec. `INSPECT` only loads the script and returns the functions that it defines."""

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
    """A script, and the digest under which a sandbox caches it."""

    key: bytes
    text: str

    @classmethod
    def from_text(cls, text: str) -> Script:
        return cls(hashlib.sha256(text.encode()).digest(), text)


class RunOutcome(msgspec.Struct, frozen=True):
    """The outcome of a call.

    Shape: `text` of an OK outcome is JSON: {result, logs: [text]} or {thrown: text, logs} or {missing: true, logs}; of any
    other
    it is the reason, which may be empty. Units: `took_us` in elapsed time.
    """

    status: RunStatus
    text: str
    took_us: int


class CodecRunner(Protocol):
    """Runs scripts in isolation: each call separately, within limits of time, memory and output."""

    async def run(self, org_id: OrgId, script: Script, call: Call, given: bytes) -> RunOutcome:
        """Call a script's function with `given`, which is JSON. Organisations take turns.

        Raises:
            CodecsBusy: too many calls are waiting, or its turn did not come in time.
        """

    async def run_all(self, org_id: OrgId, call: Call, given: Sequence[tuple[Script, bytes]]) -> list[RunOutcome]:
        """Call a function of each script with its input, in the order of `given`. Calls of `run` are executed first."""


class Downlink(msgspec.Struct, frozen=True, kw_only=True):
    """A payload to send to a device."""

    f_port: int
    payload: bytes
    warnings: list[str]


class DownlinkEncoder(Protocol):
    """Encodes values into downlinks."""

    async def encode(self, org_id: OrgId, device_id: DeviceId, data: Mapping[str, object], f_port: int | None = None) -> Downlink:
        """Encode `data` with the device's codec.

        `f_port` is used if the codec returns none.

        Raises:
            DeviceNotFound, NoCodec, CodecFailed, CodecsBusy.
        """
