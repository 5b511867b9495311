"""Codecs of device profiles over the native API: their versions, and a preview."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.codecs import wire
from penstock.api.v2.codecs.examples import LISTED, SCRIPT, SHOWN, VERSION_PATH
from penstock.api.v2.codecs.translate import from_core_preview, from_core_version, to_core_preview
from penstock.api.v2.profiles.examples import PROFILE_ID, PROFILE_PATH
from penstock.api.v2.profiles.routes import READ, WRITE, profile_id_of
from penstock.api.v2.wire import ListOf, Page
from penstock.core.codecs.ports import Call as CodecCall
from penstock.core.codecs.running import Codecs
from penstock.core.codecs.versions import CodecService
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CodecId, Prefix
from penstock.kit.operation import Example


class CodecEndpoints:
    """Save, read and restore versions of a profile's codec, and preview one without any effect."""

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
        return ListOf([from_core_version(version, with_script=False) for version in page.items], page.next_cursor)

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

        The script becomes the next version and decodes all uplinks from now on. It is loaded once to detect its functions:
        `decodeUplink`, `encodeDownlink` and `decodeDownlink` of the LoRaWAN device repository, `Decode` and `Encode` of
        ChirpStack 3, or `Decoder` and `Encoder` of The Things Network 2.
        """
        return from_core_version(await self._versions.save(call.actor, profile_id_of(call), call.body.script, call.body.note))

    @routes.get(
        "/profiles/{profile_id}/codec-versions/{codec_id}",
        scope=READ,
        of_project=True,
        example=Example(path=VERSION_PATH, answer=SHOWN),
    )
    async def get(self, call: Call[None, None]) -> wire.CodecVersion:
        """Get a version of a profile's codec."""
        return from_core_version(await self._versions.get(call.actor, profile_id_of(call), _codec_id(call)))

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
        return from_core_version(await self._versions.restore(call.actor, profile_id_of(call), _codec_id(call), call.body.note))

    @routes.delete(
        "/profiles/{profile_id}/codec",
        scope=WRITE,
        of_project=True,
        example=Example(path=PROFILE_PATH),
    )
    async def remove(self, call: Call[None, None]) -> None:
        """Stop using a profile's codec.

        Its versions are kept and can be restored. From now on, readings contain the values that the network server decoded.
        """
        await self._versions.remove(call.actor, profile_id_of(call))

    @routes.post(
        "/codecs/preview",
        scope=WRITE,
        idempotent=False,
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
        """Preview a codec.

        Runs a script, or the codec of a profile, on a payload. It has no other effect. If the codec fails, the call still
        succeeds, and `errors` contains the reasons.
        """
        # A codec that fails is the answer to the question, so the response is 200 with `errors`.
        body, function = call.body, CodecCall(call.body.function)
        given = to_core_preview(body)
        if (body.script is None) == (body.profile_id is None):
            raise InvalidInput.field("script", "script or profile_id is required")
        if body.profile_id is not None:
            profile_id = body_id(Prefix.PROFILE, body.profile_id, "profile_id")
            return from_core_preview(await self._codecs.preview_saved(call.actor, profile_id, function, given))
        return from_core_preview(await self._codecs.preview(call.actor, body.script or "", function, given))


def _codec_id(call: Call[Any, Any]) -> CodecId:
    return path_id(Prefix.CODEC, call.path["codec_id"])
