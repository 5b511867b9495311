"""Codecs at work on uplinks and downlinks: a whole server's core over real files, and real processes."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.codecs.errors import CodecFailed, NoCodec
from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.faults import FaultKind
from penstock.core.devices.models import Device, DevicePatch, Identifier, IdentifierKind, NewDevice
from penstock.core.profiles.models import NewProfile, Profile
from penstock.core.sensor import NewSensor
from penstock.core.telemetry.models import HistoryQuery, TimeRange
from penstock.core.uplinks.errors import CodecsBusy
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, encode
from penstock.settings import load_settings
from tests.support.days import HeldClock

EUI = "70b3d57ed0061f2a"
SCRIPT = """
function decodeUplink(input) {
  if (input.bytes[0] === 0xff) while (true) {}
  if (input.bytes.length < 2) return {errors: ['too short'], warnings: ['odd']};
  return {data: {level: input.bytes[0] * 256 + input.bytes[1], port: input.fPort, at: input.recvTime.getTime(),
                 scale: input.variables.scale}, warnings: input.bytes.length > 2 ? ['too long'] : []};
}
function encodeDownlink(input) {
  if (input.data.seconds > 65535) return {errors: ['too many seconds']};
  return {bytes: [input.data.seconds >> 8, input.data.seconds & 255], fPort: input.data.port};
}
"""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    file = tmp_path / "settings.toml"
    file.write_text("[codecs]\nmax_wait_s = 60.0\n")
    settings = load_settings(file, environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, HeldClock(), run_workers=False) as opened:
        yield opened


@pytest.fixture
async def actor(server: Server) -> Actor:
    return Actor.system((await server.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)


async def profile_with(server: Server, actor: Actor, script: str = SCRIPT) -> Profile:
    sensors = [NewSensor(key="level", unit="mm")]
    wanted = NewProfile(name="Level", expected_interval_us=600 * SECOND_US, sensors=sensors)
    profile = await server.parts.profiles.create(actor, wanted)
    await server.parts.codecs.versions.save(actor, profile.id, script, "")
    return profile


async def device_with(server: Server, actor: Actor, profile: Profile | None, eui: str = EUI) -> Device:
    identifiers = [Identifier(kind=IdentifierKind.EUI, value=eui)]
    wanted = NewDevice(name="Tank", identifiers=identifiers, settings={"scale": 3}, profile_id=profile.id if profile else None)
    return (await server.devices.create(actor, wanted)).device


def uplink(server: Server, payload: bytes, values: dict[str, Any] | None = None, **more: Any) -> NetworkMessage:
    fields: dict[str, Any] = {"network": Network.CHIRPSTACK_V4, "kind": EventKind.UPLINK, "eui": EUI, "f_port": 7}
    fields["time_us"] = server.clock.now_us()
    return NetworkMessage(**fields | {"data": base64.b64encode(payload).decode(), "values": values} | more)


async def take(server: Server, actor: Actor, message: NetworkMessage) -> None:
    await server.parts.uplinks.take(actor, message, message.values or {})


async def stored(server: Server, actor: Actor, device: Device) -> list[dict[str, Any]]:
    """What the log has of a device, oldest first."""
    span = TimeRange(from_us=0, to_us=server.clock.now_us() + 1)
    query = HistoryQuery(device_id=device.id, range=span, descending=False)
    rows, _ = await server.telemetry.history(actor, query)
    return [msgspec.json.decode(row.payload) for row in rows]


async def test_values_are_the_codec_s_and_the_network_s_stand_beside(server: Server, actor: Actor) -> None:
    profile = await profile_with(server, actor)
    device = await device_with(server, actor, profile)
    await take(server, actor, uplink(server, b"\x01\x02\x03", {"level": 1, "battery": 3.6}))
    (reading,) = await stored(server, actor, device)
    assert reading == {
        "level": 258,
        "port": 7,
        "at": server.clock.now_us() // 1000,
        "scale": 3,
        "lorawan": {
            "network": "chirpstack_v4",
            "f_port": 7,
            "data": "AQID",
            "codec": {
                "profile_id": encode(Prefix.PROFILE, profile.id),
                "version": 1,
                "status": "decoded",
                "warnings": ["too long"],
            },
            "network_values": {"level": 1, "battery": 3.6},
        },
    }


@pytest.mark.parametrize(("payload", "error"), [(b"\x01", "too short"), (b"\xff\x00", "it exceeded the time limit")])
async def test_a_codec_that_fails_costs_the_values_and_nothing_else(
    server: Server, actor: Actor, payload: bytes, error: str
) -> None:
    device = await device_with(server, actor, await profile_with(server, actor))
    await take(server, actor, uplink(server, payload, {"level": 1}))
    (reading,) = await stored(server, actor, device)
    assert list(reading) == ["lorawan"]
    assert (reading["lorawan"]["codec"]["status"], reading["lorawan"]["codec"]["errors"]) == ("failed", [error])
    assert reading["lorawan"]["data"] == base64.b64encode(payload).decode()
    assert reading["lorawan"]["network_values"] == {"level": 1}
    counted = server.faults.drain()
    assert [(one.count, one.reason) for one in counted.values()] == [(1, f"codec: {error}")]
    assert list(counted) == [(actor.org_id, device.id, FaultKind.MALFORMED)]


async def test_without_a_codec_of_ours_the_network_s_values_count(server: Server, actor: Actor) -> None:
    device = await device_with(server, actor, None)
    await take(server, actor, uplink(server, b"\x01\x02", {"level": 1}))
    profile = await profile_with(server, actor)
    await server.devices.update(actor, device.id, DevicePatch(profile_id=profile.id))
    for odd in ({"encrypted": True}, {"data": None}, {"data": "no base64"}, {"kind": EventKind.NORMALIZED}):
        await take(server, actor, uplink(server, b"\x01\x02", {"level": 1}, **odd))
    await server.parts.codecs.versions.remove(actor, profile.id)
    await take(server, actor, uplink(server, b"\x01\x02", {"level": 1}))
    readings = await stored(server, actor, device)
    assert [reading["level"] for reading in readings] == [1] * 6
    assert not any("codec" in reading["lorawan"] for reading in readings)
    assert server.parts.codecs.pool.calls == 1, "the one when the codec was saved"


async def test_uplinks_that_waited_for_their_device_are_decoded_when_they_move_to_it(server: Server, actor: Actor) -> None:
    for number in range(3):
        message = uplink(server, bytes([1, number]), {"level": 99} if number else None, dedupe_key=f"k{number}")
        await take(server, actor, message)
    await take(server, actor, uplink(server, b"\x01", dedupe_key="k3", simulated=True))
    device = await device_with(server, actor, await profile_with(server, actor))
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    readings = await stored(server, actor, device)
    assert [reading.get("level") for reading in readings] == [256, 257, 258, None]
    kept = [reading["lorawan"] for reading in readings]
    assert [one["codec"]["status"] for one in kept] == ["decoded"] * 3 + ["failed"]
    assert [one.get("network_values") for one in kept] == [None, {"level": 99}, {"level": 99}, None]
    assert {one["f_port"] for one in kept} == {7}
    assert [one.get("simulated") for one in kept] == [None, None, None, True]


async def test_uplinks_move_undecoded_when_codecs_are_busy(server: Server, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    await take(server, actor, uplink(server, b"\x01\x02", {"level": 5}))
    device = await device_with(server, actor, await profile_with(server, actor))

    async def busy(*_: object) -> None:
        raise CodecsBusy

    monkeypatch.setattr(server.parts.codecs.pool, "run", busy)
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    (reading,) = await stored(server, actor, device)
    assert (reading["level"], reading["lorawan"]["data"]) == (5, "AQI=")
    with pytest.raises(CodecsBusy):
        await take(server, actor, uplink(server, b"\x01\x02"))


async def test_each_uplink_is_decoded_by_the_version_in_use(server: Server, actor: Actor) -> None:
    profile, versions = await profile_with(server, actor), server.parts.codecs.versions
    device = await device_with(server, actor, profile)
    await take(server, actor, uplink(server, b"\x01\x02", dedupe_key="a"))
    await versions.save(actor, profile.id, "function Decode(fPort, bytes, variables) { return {second: bytes[0]}; }", "")
    await take(server, actor, uplink(server, b"\x01\x02", dedupe_key="b"))
    first = (await versions.list(actor, profile.id, 10, None)).items[-1]
    await versions.restore(actor, profile.id, first.id, "")
    await take(server, actor, uplink(server, b"\x01\x02", dedupe_key="c"))
    readings = await stored(server, actor, device)
    assert [(one["lorawan"]["codec"]["version"], one.get("level"), one.get("second")) for one in readings] == [
        (1, 258, None),
        (2, None, 1),
        (3, 258, None),
    ]


async def test_a_device_s_next_uplink_goes_by_its_new_settings_and_its_new_profile(server: Server, actor: Actor) -> None:
    script = "function decodeUplink(input) { return {data: {scaled: input.bytes[0] * input.variables.scale}}; }"
    profile, bare = (
        await profile_with(server, actor, script),
        await server.parts.profiles.create(actor, NewProfile(name="-")),
    )
    device = await device_with(server, actor, profile)
    await take(server, actor, uplink(server, b"\x02", dedupe_key="a"))
    await server.devices.update(actor, device.id, DevicePatch(settings={"scale": 5}))
    await take(server, actor, uplink(server, b"\x02", dedupe_key="b"))
    await server.devices.update(actor, device.id, DevicePatch(profile_id=bare.id))
    await take(server, actor, uplink(server, b"\x02", {"scaled": 0}, dedupe_key="c"))
    await server.devices.update(actor, device.id, DevicePatch(profile_id=profile.id))
    await take(server, actor, uplink(server, b"\x02", dedupe_key="d"))
    assert [one["scaled"] for one in await stored(server, actor, device)] == [6, 10, 0, 10]


async def test_downlinks_are_encoded_by_the_device_s_codec(server: Server, actor: Actor) -> None:
    codecs, org_id = server.parts.codecs.codecs, actor.org_id
    device = await device_with(server, actor, await profile_with(server, actor))
    made = await codecs.encode(org_id, device.id, {"seconds": 300, "port": 12})
    assert (made.f_port, made.payload) == (12, b"\x01\x2c")
    assert (await codecs.encode(org_id, device.id, {"seconds": 300}, f_port=9)).f_port == 9
    for data, reason in (({"seconds": 70000}, "too many seconds"), ({"seconds": 300}, "fPort"), ({"seconds": -1}, "bytes")):
        with pytest.raises(CodecFailed, match=reason):
            await codecs.encode(org_id, device.id, data)
    bare = await device_with(server, actor, None, "70b3d57ed0061f2b")
    with pytest.raises(NoCodec):
        await codecs.encode(org_id, bare.id, {})
    for stranger, device_id in ((org_id, 1), (org_id + 1, device.id)):
        with pytest.raises(DeviceNotFound):
            await codecs.encode(stranger, device_id, {})


SHAPE = """function shape(input) {
  const found = {};
  for (const name in input) found[name] = Object(input[name]).constructor.name;
  return found;
}"""


async def test_a_preview_gives_a_codec_every_input_that_it_gets_at_work(server: Server, actor: Actor) -> None:
    """The sweep over the functions of a codec: the names of the input, and the type of each."""
    script = f"""{SHAPE}
    function decodeUplink(input) {{ return {{data: shape(input)}}; }}
    function encodeDownlink(input) {{ return {{errors: [JSON.stringify(shape(input))]}}; }}
    function decodeDownlink(input) {{ return {{data: shape(input)}}; }}"""
    codecs, at_work = server.parts.codecs.codecs, {}
    profile = await profile_with(server, actor, script)
    device = await device_with(server, actor, profile)
    await take(server, actor, uplink(server, b"\x01"))
    (reading,) = await stored(server, actor, device)
    at_work[Call.DECODE_UPLINK] = {name: kind for name, kind in reading.items() if name != "lorawan"}
    with pytest.raises(CodecFailed) as failed:
        await codecs.encode(actor.org_id, device.id, {"a": 1}, f_port=7)
    at_work[Call.ENCODE_DOWNLINK] = msgspec.json.decode(failed.value.detail[failed.value.detail.index("{") :])
    at_work[Call.DECODE_DOWNLINK] = at_work[Call.ENCODE_DOWNLINK] | {"bytes": "Array"}  # only previews call it
    del at_work[Call.DECODE_DOWNLINK]["data"]
    assert at_work.keys() == set(Call) - {Call.INSPECT}
    assert at_work[Call.DECODE_UPLINK] == {"bytes": "Array", "fPort": "Number", "recvTime": "Date", "variables": "Object"}
    given = CodecInput(payload=b"\x01", f_port=7, data={"a": 1})
    for call, expected in at_work.items():
        for shown in (
            await codecs.preview(actor, script, call, given),
            await codecs.preview_saved(actor, profile.id, call, given),
        ):
            assert (shown.data or msgspec.json.decode(shown.errors[0])) == expected, call


async def test_a_codec_of_another_organisation_decodes_nothing_here(server: Server, actor: Actor) -> None:
    other = Actor.system((await server.tenancy.bootstrap("Other", "grace@example.org")).organization.id)
    await device_with(server, other, await profile_with(server, other))
    device = await device_with(server, actor, None)
    await take(server, actor, uplink(server, b"\x01\x02", {"level": 1}))
    assert [reading["level"] for reading in await stored(server, actor, device)] == [1]


async def test_a_device_takes_over_from_its_profile_what_it_has_not(server: Server, actor: Actor) -> None:
    profile = await profile_with(server, actor)
    own = NewSensor(key="level", unit="cm")
    wanted = NewDevice(name="Tank", sensors=[own], expected_interval_us=SECOND_US, profile_id=profile.id)
    device = (await server.devices.create(actor, wanted)).device
    (sensor,) = (await server.sensors.list(actor, device.id, 10, None)).items
    assert (device.expected_interval_us, sensor.unit) == (SECOND_US, "cm")
    bare = await device_with(server, actor, None)
    given = await server.devices.update(actor, bare.id, DevicePatch(profile_id=profile.id))
    (sensor,) = (await server.sensors.list(actor, bare.id, 10, None)).items
    assert (given.profile_id, given.expected_interval_us, sensor.unit) == (profile.id, 600 * SECOND_US, "mm")
    taken = await server.devices.update(actor, bare.id, DevicePatch(profile_id=None))
    assert (taken.profile_id, taken.expected_interval_us) == (None, 600 * SECOND_US)
