"""`client.device_profiles`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class DeviceProfiles(Resource):
    """The settings shared by devices of one model: expected interval, sensors, and codec."""

    def create(
        self,
        *,
        name: str,
        project_id: str | Unset | None = UNSET,
        device_type: str | Unset = UNSET,
        model: str | Unset = UNSET,
        description: str | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ProfilesProfile:
        """Create a device profile.

        The new profile has no codec. Assign it to devices with `profile_id`.

        Requires the scope `devices:write`.
        """
        request = Request(
            "POST",
            "/api/v2/profiles",
            body=present(
                {
                    "name": name,
                    "project_id": project_id,
                    "device_type": device_type,
                    "model": model,
                    "description": description,
                    "expected_interval_s": expected_interval_s,
                    "sensors": sensors,
                    "registers": registers,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ProfilesProfile = self._call(request)
        return answer

    def delete(self, profile_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a device profile.

        All versions of its codec are deleted with it. Returns 409 while devices have the profile: `GET
        /api/v2/devices?profile_id=` lists them.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/profiles/{quoted(profile_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, profile_id: str, *, request_timeout: float | None = None) -> schemas.ProfilesProfile:
        """Get a device profile.

        Requires the scope `devices:read`.

        `profile_id`: A device profile's id (`prf_…`).
        """
        request = Request("GET", f"/api/v2/profiles/{quoted(profile_id)}", timeout_s=request_timeout)
        answer: schemas.ProfilesProfile = self._call(request)
        return answer

    def get_codec_version(self, profile_id: str, codec_id: str, *, request_timeout: float | None = None) -> schemas.CodecVersion:
        """Get a version of a profile's codec.

        Requires the scope `devices:read`.

        `profile_id`: A device profile's id (`prf_…`). `codec_id`: A codec version's id (`cdc_…`).
        """
        request = Request(
            "GET", f"/api/v2/profiles/{quoted(profile_id)}/codec-versions/{quoted(codec_id)}", timeout_s=request_timeout
        )
        answer: schemas.CodecVersion = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        project_id: str | None = None,
        device_type: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.ProfilesProfile]:
        """List device profiles.

        Newest first by default. Filters are combined with AND.

        Filters for profiles. `q` is searched for in name, model and description.

        Requires the scope `devices:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `project_id`: A project's
        id (`prj_…`). `device_type`: Only those of this device type. `q`: A text to search for. A to Z are the same as a
        to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a leading minus sign. A `cursor`
        continues only the order that it was returned for.
        """
        request = Request(
            "GET",
            "/api/v2/profiles",
            query={"limit": limit, "cursor": cursor, "project_id": project_id, "device_type": device_type, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_codec_versions(
        self, profile_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.CodecVersion]:
        """List the versions of a profile's codec.

        Newest first, without their scripts.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `devices:read`.

        `profile_id`: A device profile's id (`prf_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor`
        of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def preview_codec(
        self,
        *,
        script: str | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        function: Literal["decodeDownlink", "decodeUplink", "encodeDownlink"] | Unset = UNSET,
        bytes_hex: str | Unset | None = UNSET,
        bytes_base64: str | Unset | None = UNSET,
        f_port: int | Unset | None = UNSET,
        received_at: str | datetime | Unset | None = UNSET,
        data: Mapping[str, Any] | Unset = UNSET,
        variables: Mapping[str, Any] | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Previewed:
        """Preview a codec.

        Runs a script, or the codec of a profile, on a payload. It has no other effect. If the codec fails, the call
        still succeeds, and `errors` contains the reasons.

        Requires the scope `devices:write`.
        """
        request = Request(
            "POST",
            "/api/v2/codecs/preview",
            body=present(
                {
                    "script": script,
                    "profile_id": profile_id,
                    "function": function,
                    "bytes_hex": bytes_hex,
                    "bytes_base64": bytes_base64,
                    "f_port": f_port,
                    "received_at": received_at,
                    "data": data,
                    "variables": variables,
                }
            )
            or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Previewed = self._call(request)
        return answer

    def restore_codec_version(
        self,
        profile_id: str,
        codec_id: str,
        *,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CodecVersion:
        """Restore a version of a profile's codec.

        Its script becomes the next version.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`). `codec_id`: A codec version's id (`cdc_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions/{quoted(codec_id)}/restore",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CodecVersion = self._call(request)
        return answer

    def save_codec(
        self,
        profile_id: str,
        *,
        script: str,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CodecVersion:
        """Save a profile's codec.

        The script becomes the next version and decodes all uplinks from now on. It is loaded once to detect its
        functions: `decodeUplink`, `encodeDownlink` and `decodeDownlink` of the LoRaWAN device repository, `Decode` and
        `Encode` of ChirpStack 3, or `Decoder` and `Encoder` of The Things Network 2.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions",
            body=present({"script": script, "note": note}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CodecVersion = self._call(request)
        return answer

    def stop_using_codec(self, profile_id: str, *, request_timeout: float | None = None) -> None:
        """Stop using a profile's codec.

        Its versions are kept and can be restored. From now on, readings contain the values that the network server
        decoded.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`).
        """
        request = Request("DELETE", f"/api/v2/profiles/{quoted(profile_id)}/codec", timeout_s=request_timeout)
        self._call(request)

    def update(
        self,
        profile_id: str,
        *,
        name: str | Unset = UNSET,
        device_type: str | Unset = UNSET,
        model: str | Unset = UNSET,
        description: str | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ProfilesProfile:
        """Change a device profile.

        Omitted fields are unchanged. Devices keep the settings that they copied from the profile. Registers are not
        copied: they apply to the past readings of its devices too.

        Requires the scope `devices:write`.

        `profile_id`: A device profile's id (`prf_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/profiles/{quoted(profile_id)}",
            body=present(
                {
                    "name": name,
                    "device_type": device_type,
                    "model": model,
                    "description": description,
                    "expected_interval_s": expected_interval_s,
                    "sensors": sensors,
                    "registers": registers,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.ProfilesProfile = self._call(request)
        return answer


class AsyncDeviceProfiles(AsyncResource):
    """As `DeviceProfiles`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        project_id: str | Unset | None = UNSET,
        device_type: str | Unset = UNSET,
        model: str | Unset = UNSET,
        description: str | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ProfilesProfile:
        """Create a device profile.

        As `DeviceProfiles.create`.
        """
        request = Request(
            "POST",
            "/api/v2/profiles",
            body=present(
                {
                    "name": name,
                    "project_id": project_id,
                    "device_type": device_type,
                    "model": model,
                    "description": description,
                    "expected_interval_s": expected_interval_s,
                    "sensors": sensors,
                    "registers": registers,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ProfilesProfile = await self._call(request)
        return answer

    async def delete(self, profile_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a device profile.

        As `DeviceProfiles.delete`.
        """
        request = Request("DELETE", f"/api/v2/profiles/{quoted(profile_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, profile_id: str, *, request_timeout: float | None = None) -> schemas.ProfilesProfile:
        """Get a device profile.

        As `DeviceProfiles.get`.
        """
        request = Request("GET", f"/api/v2/profiles/{quoted(profile_id)}", timeout_s=request_timeout)
        answer: schemas.ProfilesProfile = await self._call(request)
        return answer

    async def get_codec_version(
        self, profile_id: str, codec_id: str, *, request_timeout: float | None = None
    ) -> schemas.CodecVersion:
        """Get a version of a profile's codec.

        As `DeviceProfiles.get_codec_version`.
        """
        request = Request(
            "GET", f"/api/v2/profiles/{quoted(profile_id)}/codec-versions/{quoted(codec_id)}", timeout_s=request_timeout
        )
        answer: schemas.CodecVersion = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        project_id: str | None = None,
        device_type: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.ProfilesProfile]:
        """List device profiles.

        As `DeviceProfiles.list`.
        """
        request = Request(
            "GET",
            "/api/v2/profiles",
            query={"limit": limit, "cursor": cursor, "project_id": project_id, "device_type": device_type, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_codec_versions(
        self, profile_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.CodecVersion]:
        """List the versions of a profile's codec.

        As `DeviceProfiles.list_codec_versions`.
        """
        request = Request(
            "GET",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def preview_codec(
        self,
        *,
        script: str | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        function: Literal["decodeDownlink", "decodeUplink", "encodeDownlink"] | Unset = UNSET,
        bytes_hex: str | Unset | None = UNSET,
        bytes_base64: str | Unset | None = UNSET,
        f_port: int | Unset | None = UNSET,
        received_at: str | datetime | Unset | None = UNSET,
        data: Mapping[str, Any] | Unset = UNSET,
        variables: Mapping[str, Any] | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.Previewed:
        """Preview a codec.

        As `DeviceProfiles.preview_codec`.
        """
        request = Request(
            "POST",
            "/api/v2/codecs/preview",
            body=present(
                {
                    "script": script,
                    "profile_id": profile_id,
                    "function": function,
                    "bytes_hex": bytes_hex,
                    "bytes_base64": bytes_base64,
                    "f_port": f_port,
                    "received_at": received_at,
                    "data": data,
                    "variables": variables,
                }
            )
            or UNSET,
            timeout_s=request_timeout,
        )
        answer: schemas.Previewed = await self._call(request)
        return answer

    async def restore_codec_version(
        self,
        profile_id: str,
        codec_id: str,
        *,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CodecVersion:
        """Restore a version of a profile's codec.

        As `DeviceProfiles.restore_codec_version`.
        """
        request = Request(
            "POST",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions/{quoted(codec_id)}/restore",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CodecVersion = await self._call(request)
        return answer

    async def save_codec(
        self,
        profile_id: str,
        *,
        script: str,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CodecVersion:
        """Save a profile's codec.

        As `DeviceProfiles.save_codec`.
        """
        request = Request(
            "POST",
            f"/api/v2/profiles/{quoted(profile_id)}/codec-versions",
            body=present({"script": script, "note": note}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CodecVersion = await self._call(request)
        return answer

    async def stop_using_codec(self, profile_id: str, *, request_timeout: float | None = None) -> None:
        """Stop using a profile's codec.

        As `DeviceProfiles.stop_using_codec`.
        """
        request = Request("DELETE", f"/api/v2/profiles/{quoted(profile_id)}/codec", timeout_s=request_timeout)
        await self._call(request)

    async def update(
        self,
        profile_id: str,
        *,
        name: str | Unset = UNSET,
        device_type: str | Unset = UNSET,
        model: str | Unset = UNSET,
        description: str | Unset = UNSET,
        expected_interval_s: int | Unset | None = UNSET,
        sensors: Sequence[schemas.SensorCreate] | Unset = UNSET,
        registers: Sequence[schemas.RegisterSet] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ProfilesProfile:
        """Change a device profile.

        As `DeviceProfiles.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/profiles/{quoted(profile_id)}",
            body=present(
                {
                    "name": name,
                    "device_type": device_type,
                    "model": model,
                    "description": description,
                    "expected_interval_s": expected_interval_s,
                    "sensors": sensors,
                    "registers": registers,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.ProfilesProfile = await self._call(request)
        return answer
