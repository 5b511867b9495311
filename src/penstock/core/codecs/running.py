"""Running codecs: decoding uplinks, encoding downlinks, trying out scripts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

from penstock.core.actor import Actor
from penstock.core.codecs.directory import CodecDirectory
from penstock.core.codecs.errors import CodecFailed, NoCodec
from penstock.core.codecs.models import CodecInput, DecodedReading, Result
from penstock.core.codecs.ports import Call, CodecRunner, Downlink, Script
from penstock.core.codecs.results import MAX_TEXTS, read_result
from penstock.core.codecs.store import CodecInUse, CodecTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.profiles.service import get_profile
from penstock.core.uplinks.histories import count_readings, divide, without_histories
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProfileId, encode


class Codecs:
    """Runs the codecs of devices' profiles. Implements `DownlinkEncoder` and `UplinkDecoder`."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[CodecTransaction],
        directory: CodecDirectory,
        runner: CodecRunner,
        faults: DeviceFaults,
        clock: Clock,
        max_readings: int,
    ) -> None:
        self._database = database
        self._directory = directory
        self._runner = runner
        self._faults = faults
        self._clock = clock
        self._max_readings = max_readings

    async def decode(self, device: DeviceRef, message: NetworkMessage) -> NetworkMessage:
        """An uplink with the values that its device's codec decodes from its payload; unchanged if there is no codec to run.

        If the codec fails there are no values, and the failure is counted on the device. The values of the network server's own
        codec
        are kept separately.

        Raises:
            CodecsBusy.
        """
        payload = payload_of(message)
        # A paused device's uplink is rejected later, so its codec must not cost time.
        if payload is None or device.profile_id is None or device.status is not DeviceStatus.ACTIVE:
            return message
        ready = await self._directory.find(device.org_id, device.id)
        if ready is None:
            return message
        given = CodecInput(
            payload=payload,
            f_port=message.f_port,
            received_us=self._clock.now_us() if message.time_us is None else message.time_us,
            variables=ready.used.settings,
        )
        result = await self._run(device.org_id, ready.script, Call.DECODE_UPLINK, given)
        if result.data is None:
            self._faults.record_malformed(device, f"codec: {result.errors[0]}")
        return decoded(message, ready.used, result)

    async def encode(self, org_id: OrgId, device_id: DeviceId, data: Mapping[str, object], f_port: int | None = None) -> Downlink:
        """Encode `data` with the device's codec.

        Raises:
            DeviceNotFound, NoCodec, CodecFailed, CodecsBusy.
        """
        ready = await self._directory.find(org_id, device_id)
        if ready is None:
            async with self._database.snapshot(org_id) as tx:
                await _check_device(tx, device_id)
            raise NoCodec(reason="the device's profile has none, or it has no profile")
        given = CodecInput(data=dict(data), f_port=f_port, variables=ready.used.settings)
        result = await self._run(org_id, ready.script, Call.ENCODE_DOWNLINK, given)
        if result.payload is None:
            raise CodecFailed(reason=result.errors[0])
        port = f_port if result.f_port is None else result.f_port
        if port is None:
            raise CodecFailed(reason="it returned no fPort, and none was requested")
        return Downlink(f_port=port, payload=result.payload, warnings=result.warnings)

    async def preview(self, actor: Actor, script: str, call: Call, given: CodecInput) -> Result:
        """Run a script that need not be saved. Nothing is stored, counted or sent.

        Raises:
            CodecsBusy.
        """
        return await self._preview(actor, script, call, given)

    async def preview_saved(self, actor: Actor, profile_id: ProfileId, call: Call, given: CodecInput) -> Result:
        """Run the codec of a profile. Nothing is stored, counted or sent.

        Raises:
            ProfileNotFound, NoCodec, CodecsBusy.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            version = None if profile.codec_id is None else await tx.codecs.find(profile.codec_id)
        if version is None:
            raise NoCodec(reason="the profile has none")
        return await self._preview(actor, version.script, call, given)

    async def _preview(self, actor: Actor, script: str, call: Call, given: CodecInput) -> Result:
        # An uplink always has a time, so that a codec which reads it must find one here too.
        if given.received_us is None:
            given = msgspec.structs.replace(given, received_us=self._clock.now_us())
        result = await self._run(actor.org_id, Script.from_text(script), call, given)
        return result if call is not Call.DECODE_UPLINK else _divided(result, given.received_us or 0, self._max_readings)

    async def _run(self, org_id: OrgId, script: Script, call: Call, given: CodecInput) -> Result:
        result = read_result(call, await self._runner.run(org_id, script, call, given.as_json(call)))
        return within_limit(result, self._max_readings)


def within_limit(result: Result, max_readings: int) -> Result:
    """The result of a codec, which has failed if there are more readings than an uplink may have."""
    count = count_readings(result.data) if result.data else 0
    if count <= max_readings:
        return result
    reason = f"it returned {count} readings, but there must be at most {max_readings}"
    return msgspec.structs.replace(result, data=None, errors=[reason])


def payload_of(message: NetworkMessage) -> bytes | None:
    """The bytes of an uplink for a codec, or None. An encrypted payload is not passed to a codec."""
    if message.kind is not EventKind.UPLINK or message.data is None or message.encrypted or message.codec is not None:
        return None
    try:
        return base64.b64decode(message.data, validate=True)
    except (binascii.Error, ValueError):
        return None


def decoded(message: NetworkMessage, used: CodecInUse, result: Result) -> NetworkMessage:
    """An uplink with a codec's values, and a description of how they were decoded.

    Shape: `codec` is {profile_id, version, status: decoded | failed, warnings?: [text], errors?: [text]}.
    """
    about: dict[str, object] = {
        "profile_id": encode(Prefix.PROFILE, used.profile_id),
        "version": used.number,
        "status": "failed" if result.data is None else "decoded",
    }
    about |= {name: texts for name in ("warnings", "errors") if (texts := getattr(result, name))}
    return msgspec.structs.replace(message, values=result.data, network_values=without_histories(message.values), codec=about)


def _divided(result: Result, received_us: int, max_readings: int) -> Result:
    """A preview's result with its readings, if its data has several. `data` is then the newest, as for an uplink."""
    given = NetworkMessage(
        network=Network.CUSTOM, kind=EventKind.UPLINK, time_us=received_us, values=result.data, codec={}, data=""
    )
    divided = divide(given, received_us, max_readings, lambda _: False)
    if divided is None:
        return result
    messages = [part.message for part in divided.parts]
    readings = [
        DecodedReading(time_us=received_us if one.time_us is None else one.time_us, data=one.values)
        for one in messages
        if one.values
    ]
    faults = [fault.reason for fault in divided.faults[:MAX_TEXTS]]
    return msgspec.structs.replace(result, data=messages[-1].values or {}, readings=readings, warnings=result.warnings + faults)


async def _check_device(tx: CodecTransaction, device_id: DeviceId) -> None:
    if await tx.devices.find_ref(device_id) is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
