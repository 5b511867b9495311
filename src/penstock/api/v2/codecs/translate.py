"""Converts codecs between wire structs and core models."""

from __future__ import annotations

import base64
import binascii

from msgspec import UNSET

from penstock.api.v2.codecs import wire
from penstock.api.v2.ranges import parse_moment
from penstock.core.codecs.models import CodecInput, CodecVersion, Result
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode


def to_core_preview(body: wire.Preview) -> CodecInput:
    return CodecInput(
        payload=_payload(body),
        f_port=body.f_port,
        received_us=parse_moment(body.received_at, "received_at") if body.received_at else None,
        variables=body.variables,
        data=body.data,
    )


def _payload(body: wire.Preview) -> bytes:
    if body.bytes_hex is not None and body.bytes_base64 is not None:
        raise InvalidInput.field("bytes_base64", "bytes_hex and bytes_base64 must not both be set")
    try:
        if body.bytes_hex is not None:
            return bytes.fromhex(body.bytes_hex)
        # Without `validate`, invalid characters would be skipped and the codec would receive other bytes.
        return base64.b64decode(body.bytes_base64 or "", validate=True)
    except (binascii.Error, ValueError):
        field = "bytes_base64" if body.bytes_hex is None else "bytes_hex"
        raise InvalidInput.field(field, f"must be valid {field.removeprefix('bytes_')}") from None


def from_core_preview(result: Result) -> wire.Previewed:
    return wire.Previewed(
        data=result.data,
        bytes_hex=None if result.payload is None else result.payload.hex(),
        f_port=result.f_port,
        warnings=result.warnings,
        errors=result.errors,
        logs=result.logs,
        duration_ms=result.took_us / 1000,
        readings=[wire.PreviewedReading(format_time(one.time_us), one.data) for one in result.readings] or UNSET,
    )


def from_core_version(version: CodecVersion, *, with_script: bool = True) -> wire.CodecVersion:
    return wire.CodecVersion(
        id=encode(Prefix.CODEC, version.id),
        profile_id=encode(Prefix.PROFILE, version.profile_id),
        number=version.number,
        functions=version.functions,
        note=version.note,
        author=version.author,
        restored_from=version.restored_from,
        created_at=format_time(version.created_us),
        script=version.script if with_script else None,
    )
