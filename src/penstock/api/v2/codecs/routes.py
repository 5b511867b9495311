"""Codecs of device profiles over the native API: versions, and trying one out."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.profiles import wire
from penstock.api.v2.profiles.routes import ONE, PROFILE_ID, PROFILE_PATH, READ, WRITE, profile_id_of
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf, Page
from penstock.core.codecs.models import CodecVersion, Given, Result
from penstock.core.codecs.ports import Call as CodecCall
from penstock.core.codecs.running import Codecs
from penstock.core.codecs.versions import CodecService
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example

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

    routes = Routes("/api/v2", surface="v2", tag="Device profiles")

    routes = Routes("/api/v2", surface="v2", tag="Device profiles")

    def __init__(self, versions: CodecService, codecs: Codecs) -> None:
        self._versions = versions
        self._codecs = codecs

    @routes.get(
        "/profiles/{profile_id}/codec-versions",
        scope=READ,
        of_project=True,
        example=Example(path=PROFILE_PATH, answer={"data": [LISTED], "next_cursor": None}),
    )
    async def list_versions(self, call: Call[Page, None]) -> ListOf[wire.CodecVersion]:
        """List the versions of a profile's codec.

        Newest first, without their scripts.
        """
        page = await self._versions.list(call.actor, profile_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([_shown(version, with_script=False) for version in page.items], page.next_cursor)

    @routes.post(
        "/profiles/{profile_id}/codec-versions",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(503,),
        example=Example(path=PROFILE_PATH, body={"script": SCRIPT, "note": "Volume in m³"}, answer=SHOWN),
    )
    async def save(self, call: Call[None, wire.CodecSave]) -> wire.CodecVersion:
        """Save a profile's codec.

        The script becomes the next version and decodes every uplink from now on. It is loaded once to see which functions it has:
        `decodeUplink`, `encodeDownlink` and `decodeDownlink` of the LoRaWAN device repository, `Decode` and `Encode` of
        ChirpStack 3, or `Decoder` and `Encoder` of The Things Network 2.
        """
        return _shown(await self._versions.save(call.actor, profile_id_of(call), call.body.script, call.body.note))

    @routes.get(
        "/profiles/{profile_id}/codec-versions/{codec_id}",
        scope=READ,
        of_project=True,
        example=Example(path=VERSION_PATH, answer=SHOWN),
    )
    async def get(self, call: Call[None, None]) -> wire.CodecVersion:
        """Get a version of a profile's codec."""
        return _shown(await self._versions.get(call.actor, profile_id_of(call), _codec_id(call)))

    @routes.post(
        "/profiles/{profile_id}/codec-versions/{codec_id}/restore",
        scope=WRITE,
        of_project=True,
        status=201,
        example=Example(path=VERSION_PATH, body={"note": "As in March"}, answer=SHOWN | {"number": 4, "restored_from": 3}),
    )
    async def restore(self, call: Call[None, wire.CodecRestore]) -> wire.CodecVersion:
        """Restore a version of a profile's codec.

        Its script becomes the next version.
        """
        return _shown(await self._versions.restore(call.actor, profile_id_of(call), _codec_id(call), call.body.note))

    @routes.delete(
        "/profiles/{profile_id}/codec",
        scope=WRITE,
        of_project=True,
        example=Example(path=PROFILE_PATH),
    )
    async def remove(self, call: Call[None, None]) -> None:
        """Stop using a profile's codec.

        Its versions stay and can be restored. Uplinks have the network server's values from now on.
        """
        await self._versions.remove(call.actor, profile_id_of(call))

    @routes.post(
        "/codecs/preview",
        scope=WRITE,
        of_project=True,
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
        """Try a codec out.

        Runs a script, or the codec of a profile, on a payload, and has no other effect. That a codec fails is no error of this
        call: `errors` say why.
        """
        body, function = call.body, CodecCall(call.body.function)
        given = _given(body)
        if (body.script is None) == (body.profile_id is None):
            raise InvalidInput.field("script", "either a script or a profile_id is needed")
        if body.profile_id is not None:
            profile_id = body_id(Prefix.PROFILE, body.profile_id, "profile_id")
            return _previewed(await self._codecs.preview_saved(call.actor, profile_id, function, given))
        return _previewed(await self._codecs.preview(call.actor, body.script or "", function, given))


def _codec_id(call: Call[Any, Any]) -> int:
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
