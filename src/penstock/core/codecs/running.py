"""Codecs at work: uplinks decoded, downlinks encoded, scripts tried out."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Mapping

import msgspec

from penstock.core.actor import Actor
from penstock.core.codecs.errors import CodecFailed, NoCodec
from penstock.core.codecs.models import Given, Result
from penstock.core.codecs.ports import Call, CodecRunner, Downlink, Script
from penstock.core.codecs.results import read_result
from penstock.core.codecs.store import CodecInUse
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import DeviceStatus, Identifier, IdentifierKind
from penstock.core.ports import Database, Transaction
from penstock.core.profiles.service import get_profile
from penstock.core.uplinks.models import EventKind, NetworkMessage
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, encode

MAX_SCRIPTS = 512


class Codecs:
    """Runs the codecs of devices' profiles. Implements `DownlinkEncoder` and `UplinkDecoder`."""

    def __init__(self, *, database: Database, runner: CodecRunner, faults: DeviceFaults, clock: Clock) -> None:
        self._database = database
        self._runner = runner
        self._faults = faults
        self._clock = clock
        self._scripts: OrderedDict[int, Script] = OrderedDict()

    async def decode(self, org_id: int, message: NetworkMessage) -> NetworkMessage:
        """An uplink with the values that its device's codec makes of its payload; as it is, where there is nothing to do.

        A codec that gives no values leaves none: the fault is counted on the device, and those of the network server's
        codec stand beside.

        Raises:
            CodecsBusy.
        """
        payload = payload_of(message)
        if payload is None or message.eui is None:
            return message
        async with self._database.snapshot(org_id) as tx:
            used = await tx.codecs.of_identifier(Identifier(kind=IdentifierKind.EUI, value=message.eui))
            if used is None or used.device.status is not DeviceStatus.ACTIVE:
                return message
            script = await self._script(tx, used)
        given = Given(
            payload=payload,
            f_port=message.f_port,
            received_us=self._clock.now_us() if message.time_us is None else message.time_us,
            variables=used.settings,
        )
        result = await self._run(org_id, script, Call.DECODE_UPLINK, given)
        if result.data is None:
            self._faults.note_malformed(used.device, f"codec: {result.errors[0]}")
        return decoded(message, used, result)

    async def encode(self, org_id: int, device_id: int, data: Mapping[str, object], f_port: int | None = None) -> Downlink:
        """The downlink that a device's codec makes of `data`.

        Raises:
            DeviceNotFound, NoCodec, CodecFailed, CodecsBusy.
        """
        async with self._database.snapshot(org_id) as tx:
            used = await tx.codecs.of_device(device_id)
            if used is None:
                await _check_device(tx, device_id)
                raise NoCodec(reason="the device's profile has none, or it has no profile")
            script = await self._script(tx, used)
        given = Given(data=dict(data), f_port=f_port, variables=used.settings)
        result = await self._run(org_id, script, Call.ENCODE_DOWNLINK, given)
        if result.payload is None:
            raise CodecFailed(reason=result.errors[0])
        port = result.f_port or f_port
        if port is None:
            raise CodecFailed(reason="it chose no fPort, and none was asked for")
        return Downlink(f_port=port, payload=result.payload, warnings=result.warnings)

    async def preview(self, actor: Actor, script: str, call: Call, given: Given) -> Result:
        """Run a script that need not be saved. Nothing is stored, counted or sent.

        Raises:
            CodecsBusy.
        """
        return await self._run(actor.org_id, Script.of(script), call, given)

    async def preview_saved(self, actor: Actor, profile_id: int, call: Call, given: Given) -> Result:
        """Run the codec of a profile, with no effect.

        Raises:
            ProfileNotFound, NoCodec, CodecsBusy.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            profile = await get_profile(tx, actor, profile_id)
            version = None if profile.codec_id is None else await tx.codecs.find(profile.codec_id)
        if version is None:
            raise NoCodec(reason="the profile has none")
        return await self._run(actor.org_id, Script.of(version.script), call, given)

    async def _run(self, org_id: int, script: Script, call: Call, given: Given) -> Result:
        return read_result(call, await self._runner.run(org_id, script, call, given.as_json(call)))

    async def _script(self, tx: Transaction, used: CodecInUse) -> Script:
        """The script of a version, from memory if it was used lately: a version never changes."""
        script = self._scripts.get(used.codec_id)
        if script is None:
            version = await tx.codecs.find(used.codec_id)
            script = Script.of(version.script if version else "")
            self._scripts[used.codec_id] = script
            if len(self._scripts) > MAX_SCRIPTS:
                self._scripts.popitem(last=False)
        else:
            self._scripts.move_to_end(used.codec_id)
        return script


def payload_of(message: NetworkMessage) -> bytes | None:
    """The bytes of an uplink that a codec can make something of, or None. One that is still encrypted tells it nothing."""
    if message.kind is not EventKind.UPLINK or message.data is None or message.encrypted or message.codec is not None:
        return None
    try:
        return base64.b64decode(message.data, validate=True)
    except (binascii.Error, ValueError):
        return None


def decoded(message: NetworkMessage, used: CodecInUse, result: Result) -> NetworkMessage:
    """An uplink with a codec's values, and with how it came to them.

    Shape: `codec` is {profile_id, version, status: decoded | failed, warnings?: [text], errors?: [text]}.
    """
    about: dict[str, object] = {
        "profile_id": encode(Prefix.PROFILE, used.profile_id),
        "version": used.number,
        "status": "failed" if result.data is None else "decoded",
    }
    about |= {name: texts for name in ("warnings", "errors") if (texts := getattr(result, name))}
    return msgspec.structs.replace(message, values=result.data, network_values=message.values, codec=about)


async def _check_device(tx: Transaction, device_id: int) -> None:
    if await tx.devices.find_ref(device_id) is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
