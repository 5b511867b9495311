"""Codec versions, and the inputs and results of running one."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.codecs.ports import Call
from penstock.kit.ids import CodecId, ProfileId


class CodecVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One saved state of a profile's codec. It never changes.

    `functions` are the supported functions that the script defines. `author` is the audit log's name for the user or key that
    saved
    it, `restored_from` the number of the version that it repeats. `script` is empty in lists.
    """

    id: CodecId
    profile_id: ProfileId
    number: int
    script: str
    functions: list[str]
    note: str
    author: str
    restored_from: int | None
    created_us: int


class CodecInput(msgspec.Struct, frozen=True, kw_only=True):
    """The input of a codec's function: a payload to decode, or data to encode."""

    payload: bytes = b""
    f_port: int | None = None
    received_us: int | None = None
    variables: dict[str, object] = {}
    data: dict[str, Any] = {}

    def as_json(self, call: Call) -> bytes:
        """The input of a call, in the form that the codec receives."""
        given: dict[str, object] = {"fPort": self.f_port, "variables": self.variables}
        if call is Call.ENCODE_DOWNLINK:
            return msgspec.json.encode(given | {"data": self.data})
        given["bytes"] = list(self.payload)
        if call is Call.DECODE_UPLINK:
            given["recvTime"] = None if self.received_us is None else self.received_us // 1000
        return msgspec.json.encode(given)


class DecodedReading(msgspec.Struct, frozen=True, kw_only=True):
    """One of several readings in an uplink."""

    time_us: int
    data: dict[str, Any]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a call: `data` of a decoder, `payload` and `f_port` of an encoder, or neither, with the reasons in
    `errors`.

    `readings` are set by a preview, if the data has several: oldest first. Units: `took_us` in elapsed time.
    """

    data: dict[str, Any] | None = None
    payload: bytes | None = None
    f_port: int | None = None
    warnings: list[str] = []
    errors: list[str] = []
    readings: list[DecodedReading] = []
    logs: list[str] = []
    took_us: int = 0
