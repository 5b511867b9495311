"""Codecs of device profiles over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Id

ScriptText = Annotated[str, Meta(min_length=1, max_length=262_144)]
Note = Annotated[str, Meta(max_length=500)]
FPort = Annotated[int, Meta(ge=0, le=255)]
HexBytes = Annotated[str, Meta(max_length=1024)]
Base64Bytes = Annotated[str, Meta(max_length=1024)]


class CodecSave(Struct, frozen=True, forbid_unknown_fields=True):
    """A script to save as the next version of a codec."""

    script: ScriptText
    note: Note = ""


class CodecRestore(Struct, frozen=True, forbid_unknown_fields=True):
    """A note on why an old version is restored."""

    note: Note = ""


class CodecVersion(Struct, frozen=True):
    """A version of a profile's codec. It never changes.

    `functions` are the functions that the script defines: decodeUplink, encodeDownlink, decodeDownlink, or Decode, Encode
    (ChirpStack 3), Decoder, Encoder (The Things Network 2). `restored_from` is the number of the version that was restored.
    `script` is null in lists.
    """

    id: str
    profile_id: str
    number: int
    functions: list[str]
    note: str
    author: str
    restored_from: int | None
    created_at: str
    script: str | None = None


class Preview(Struct, frozen=True, forbid_unknown_fields=True):
    """A codec to preview: a `script`, or the codec of a profile.

    A decoder receives `bytes_hex` or `bytes_base64`, with `f_port` and, as `recvTime`, `received_at` (default: now); an encoder
    receives `data` and `f_port`. `variables` stand for a device's `settings`.
    """

    script: ScriptText | None = None
    profile_id: Id | None = None
    function: Literal["decodeUplink", "encodeDownlink", "decodeDownlink"] = "decodeUplink"
    bytes_hex: HexBytes | None = None
    bytes_base64: Base64Bytes | None = None
    f_port: FPort | None = None
    received_at: Annotated[str, Meta(max_length=64)] | None = None
    data: Annotated[dict[str, Any], Meta(max_length=256)] = {}
    variables: Annotated[dict[str, object], Meta(max_length=256)] = {}


class PreviewedReading(Struct, frozen=True):
    """One of several readings in an uplink."""

    time: str
    data: dict[str, Any]


class Previewed(Struct, frozen=True):
    """The output of a codec: `data` of a decoder, `bytes_hex` and `f_port` of an encoder. If it failed, `errors` has the reasons.

    `readings` is present if the uplink has several, oldest first; `data` is then the last of them.
    `logs` are the lines that it wrote to the console, `duration_ms` is elapsed time.
    """

    data: dict[str, Any] | None
    bytes_hex: str | None
    f_port: int | None
    warnings: list[str]
    errors: list[str]
    logs: list[str]
    duration_ms: float
    readings: list[PreviewedReading] | UnsetType = UNSET
