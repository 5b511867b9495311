"""Codecs of device profiles over the native API: versions, and trying one out."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import profiles_wire as wire
from penstock.api.v2.device_profiles import ONE, PROFILE_ID, PROFILE_PATH, READ, TAG, WRITE, profile_id_of
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf, Page
from penstock.core.codecs.models import CodecVersion, Given, Result
from penstock.core.codecs.ports import Call as CodecCall
from penstock.core.codecs.running import Codecs
from penstock.core.codecs.versions import CodecService
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CodecId, Prefix, encode
from penstock.kit.operation import Example, operation

VERSIONS = f"{ONE}/codec-versions"
VERSION = f"{VERSIONS}/{{codec_id}}"
PREVIEW = "/api/v2/codecs/preview"
VERSION_PATH = PROFILE_PATH | {"codec_id": "cdc_0c2k9fq7w3d4c"}
SCRIPT = (
    "function decodeUplink(input) {\n  var b = input.bytes;\n"
    "  return {data: {volume: ((b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]) >>> 0) / 1000}};\n}"
)
LISTED: dict[str, Any] = {
    "id": "cdc_0c2k9fq7w3d4c",
    "profile_id": PROFILE_ID,
    "number": 3,
    "functions": ["decodeUplink"],
    "note": "Volume in m³",
    "author": "ada@example.org",
    "restored_from": None,
    "created_at": "2026-04-14T06:00:00Z",
    "script": None,
}
SHOWN = LISTED | {"script": SCRIPT}


class CodecEndpoints:
    """Save, read and restore versions of a profile's codec, and run one without any effect."""

    def __init__(self, versions: CodecService, codecs: Codecs) -> None:
        self._versions = versions
        self._codecs = codecs

    @operation(
        "GET",
        VERSIONS,
        surface="v2",
        tag=TAG,
        summary="List the versions of a profile's codec",
        description="Newest first, without their scripts.",
        scope=READ,
        of_project=True,
        query=Page,
        answer=ListOf[wire.CodecVersion],
        example=Example(path=PROFILE_PATH, answer={"data": [LISTED], "next_cursor": None}),
    )
    async def list_versions(self, call: Call[Page, None]) -> ListOf[wire.CodecVersion]:
        page = await self._versions.list(call.actor, profile_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([_shown(version, with_script=False) for version in page.items], page.next_cursor)

    @operation(
        "POST",
        VERSIONS,
        surface="v2",
        tag=TAG,
        summary="Save a profile's codec",
        description="The script becomes the next version and decodes every uplink from now on. It is loaded once to see which "
        "functions it has: `decodeUplink`, `encodeDownlink` and `decodeDownlink` of the LoRaWAN device repository, `Decode` and "
        "`Encode` of ChirpStack 3, or `Decoder` and `Encoder` of The Things Network 2.",
        scope=WRITE,
        of_project=True,
        status=201,
        body=wire.CodecSave,
        answer=wire.CodecVersion,
        refuses=(503,),
        example=Example(path=PROFILE_PATH, body={"script": SCRIPT, "note": "Volume in m³"}, answer=SHOWN),
    )
    async def save(self, call: Call[None, wire.CodecSave]) -> wire.CodecVersion:
        return _shown(await self._versions.save(call.actor, profile_id_of(call), call.body.script, call.body.note))

    @operation(
        "GET",
        VERSION,
        surface="v2",
        tag=TAG,
        summary="Get a version of a profile's codec",
        scope=READ,
        of_project=True,
        answer=wire.CodecVersion,
        example=Example(path=VERSION_PATH, answer=SHOWN),
    )
    async def get(self, call: Call[None, None]) -> wire.CodecVersion:
        return _shown(await self._versions.get(call.actor, profile_id_of(call), _codec_id(call)))

    @operation(
        "POST",
        f"{VERSION}/restore",
        surface="v2",
        tag=TAG,
        summary="Restore a version of a profile's codec",
        description="Its script becomes the next version.",
        scope=WRITE,
        of_project=True,
        status=201,
        body=wire.CodecRestore,
        answer=wire.CodecVersion,
        example=Example(path=VERSION_PATH, body={"note": "As in March"}, answer=SHOWN | {"number": 4, "restored_from": 3}),
    )
    async def restore(self, call: Call[None, wire.CodecRestore]) -> wire.CodecVersion:
        return _shown(await self._versions.restore(call.actor, profile_id_of(call), _codec_id(call), call.body.note))

    @operation(
        "DELETE",
        f"{ONE}/codec",
        surface="v2",
        tag=TAG,
        summary="Stop using a profile's codec",
        description="Its versions stay and can be restored. Uplinks have the network server's values from now on.",
        scope=WRITE,
        of_project=True,
        status=204,
        example=Example(path=PROFILE_PATH),
    )
    async def remove(self, call: Call[None, None]) -> Answer:
        await self._versions.remove(call.actor, profile_id_of(call))
        return Answer()

    @operation(
        "POST",
        PREVIEW,
        surface="v2",
        tag=TAG,
        summary="Try a codec out",
        description="Runs a script, or the codec of a profile, on a payload, and has no other effect. That a codec fails is no "
        "error of this call: `errors` say why.",
        scope=WRITE,
        of_project=True,
        body=wire.Preview,
        answer=wire.Previewed,
        refuses=(404, 422, 503),
        example=Example(
            body={"profile_id": PROFILE_ID, "bytes_hex": "0002d0070e0600", "f_port": 10},
            answer={
                "data": {"volume": 184.327},
                "bytes_hex": None,
                "f_port": None,
                "warnings": [],
                "errors": [],
                "logs": [],
                "duration_ms": 0.3,
            },
        ),
    )
    async def preview(self, call: Call[None, wire.Preview]) -> wire.Previewed:
        body, function = call.body, CodecCall(call.body.function)
        given = _given(body)
        if (body.script is None) == (body.profile_id is None):
            raise InvalidInput.field("script", "either a script or a profile_id is needed")
        if body.profile_id is not None:
            profile_id = body_id(Prefix.PROFILE, body.profile_id, "profile_id")
            return _previewed(await self._codecs.preview_saved(call.actor, profile_id, function, given))
        return _previewed(await self._codecs.preview(call.actor, body.script or "", function, given))


def _codec_id(call: Call[Any, Any]) -> CodecId:
    return path_id(Prefix.CODEC, call.path["codec_id"])


def _given(body: wire.Preview) -> Given:
    return Given(
        payload=_payload(body),
        f_port=body.f_port,
        received_us=parse_moment(body.received_at, "received_at") if body.received_at else None,
        variables=body.variables,
        data=body.data,
    )


def _payload(body: wire.Preview) -> bytes:
    if body.bytes_hex is not None and body.bytes_base64 is not None:
        raise InvalidInput.field("bytes_base64", "only one of bytes_hex and bytes_base64 is needed")
    try:
        if body.bytes_hex is not None:
            return bytes.fromhex(body.bytes_hex)
        return base64.b64decode(body.bytes_base64 or "", validate=True)
    except (binascii.Error, ValueError):
        field = "bytes_base64" if body.bytes_hex is None else "bytes_hex"
        raise InvalidInput.field(field, f"it is no {field.removeprefix('bytes_')}") from None


def _previewed(result: Result) -> wire.Previewed:
    return wire.Previewed(
        data=result.data,
        bytes_hex=None if result.payload is None else result.payload.hex(),
        f_port=result.f_port,
        warnings=result.warnings,
        errors=result.errors,
        logs=result.logs,
        duration_ms=result.took_us / 1000,
    )


def _shown(version: CodecVersion, *, with_script: bool = True) -> wire.CodecVersion:
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
