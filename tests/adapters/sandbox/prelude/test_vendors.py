"""Real codecs of real devices, as their makers publish them: the makers' own example payloads come to the makers' own values.

Adeunis' library (MIT, 240 KB) decodes all its products; the examples are those of its specifications (`src/products/*/*.spec.ts`
in the package). TE Connectivity's (MIT) makes downlinks; the example is that of its README. Both are used as their makers say
they are; what is ours is the function that calls them.
"""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call
from penstock.core.codecs.versions import MAX_SCRIPT_BYTES
from tests.support.sandbox import result, running_pool
from tests.support.vendors import ADEUNIS, MISSING, TE_CONNECTIVITY

DECODE = """
function decodeUplink(input) {
  const decoder = new codec.Decoder();
  decoder.setDeviceType(input.variables.product);
  const hex = input.bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {data: decoder.decode(hex)};
}
"""
EXPORTS = "var exports = {};\n"
ENCODE = """
function encodeDownlink(input) {
  const encoder = exports.createEncoder(exports.FirmwareVersion.V3_5, exports.DeviceModel.SINGLEPOINT);
  const frame = encoder[input.data.read].read();
  return {fPort: frame.fport, bytes: Array.from(frame.toByteArray())};
}
"""


def at(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data[int(name)] if isinstance(data, list) else data[name]
    return data


@pytest.mark.skipif(not ADEUNIS.is_here, reason=MISSING)
@pytest.mark.parametrize(
    ("product", "payload", "values"),
    [
        ("temp4", "571001B301B2", {"temperatures.0.values": [43.5], "temperatures.1.values": [43.4]}),
        (
            "temp4",
            "570401B3800001B201B114ABA3E9",
            {"temperatures.0.values": [43.5, -3276.8, 43.4, 43.3], "timestamp": "2023-12-28T19:22:17.000"},
        ),
        ("temp4", "579201B3FF9C01F4FFFF", {"temperatures.0.values": [43.5, 50], "temperatures.1.values": [-10, -0.1]}),
        ("pulse4", "46300000009f0000000214ABA3E9", {"counterValues": [159, 2]}),
        ("pulse4", "47a00f780000", {"flowValues": [3960, 0]}),
        ("comfortCo2", "6a8001B33E01A401B43F01A6", {"temperature.values": [43.5, 43.6], "humidity.values": [62, 63]}),
    ],
)
async def test_adeunis_uplinks(product: str, payload: str, values: dict[str, Any]) -> None:
    script = ADEUNIS.read("dist/buffer-custom-shim.js", "dist/lib.public.js") + DECODE
    assert len(script.encode()) <= MAX_SCRIPT_BYTES, "people can load it as it is"
    async with running_pool() as pool:
        given = CodecInput(payload=bytes.fromhex(payload), f_port=1, variables={"product": product})
        found = await result(pool, script, given)
        assert found.errors == []
        assert {path: at(found.data, path) for path in values} == values


@pytest.mark.skipif(not TE_CONNECTIVITY.is_here, reason=MISSING)
async def test_te_connectivity_downlinks() -> None:
    script = EXPORTS + TE_CONNECTIVITY.read("dist/iot-codec.cjs.production.min.js") + ENCODE
    async with running_pool() as pool:
        made = await result(pool, script, CodecInput(data={"read": "battery"}), Call.ENCODE_DOWNLINK)
        assert (made.payload, made.f_port, made.errors) == (bytes.fromhex("002A19"), 20, [])
