"""Device profiles and codecs over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.devices.wire import ExpectedInterval, SensorCreate
from penstock.api.v2.wire import Cursor, Id, Limit, Name, Text, Word

Model = Annotated[str, Meta(max_length=200)]
DeviceType = Annotated[str, Meta(max_length=64)]
Sensors = Annotated[list[SensorCreate], Meta(max_length=256)]
ScriptText = Annotated[str, Meta(min_length=1, max_length=262_144)]
Note = Annotated[str, Meta(max_length=500)]
FPort = Annotated[int, Meta(ge=0, le=255)]
HexBytes = Annotated[str, Meta(max_length=1024)]
Base64Bytes = Annotated[str, Meta(max_length=1024)]


class ProfileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for profiles. `q` is searched for in name, model and description."""

    limit: Limit = 100
    cursor: Cursor | None = None
    project_id: Id | None = None
    device_type: Word | None = None
    q: Name | None = None


class ProfileCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A device profile to create. Without `project_id` it is created in the default project."""

    name: Name
    project_id: Id | None = None
    device_type: DeviceType = ""
    model: Model = ""
    description: Text = ""
    expected_interval_s: ExpectedInterval | None = None
    sensors: Sensors = []


class ProfilePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a profile: omitted fields are unchanged, `"expected_interval_s": null` clears the interval."""

    name: Name | UnsetType = UNSET
    device_type: DeviceType | UnsetType = UNSET
    model: Model | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    expected_interval_s: ExpectedInterval | UnsetType | None = UNSET
    sensors: Sensors | UnsetType = UNSET


class Profile(Struct, frozen=True):
    """A device profile. `codec_id` is the current version of its codec; null if it has none."""

    id: str
    project_id: str
    name: str
    device_type: str
    model: str
    description: str
    expected_interval_s: int | None
    sensors: list[SensorCreate]
    codec_id: str | None
    created_at: str
    updated_at: str


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

    A decoder receives `bytes_hex` or `bytes_base64`, with `f_port` and `received_at`; an encoder receives `data`. `variables`
    stand for a device's `settings`.
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


class Previewed(Struct, frozen=True):
    """The output of a codec: `data` of a decoder, `bytes_hex` and `f_port` of an encoder. If it failed, `errors` has the reasons.

    `logs` are the lines that it wrote to the console, `duration_ms` is elapsed time.
    """

    data: dict[str, Any] | None
    bytes_hex: str | None
    f_port: int | None
    warnings: list[str]
    errors: list[str]
    logs: list[str]
    duration_ms: float
