"""Payloads as makers of devices document them, by codecs of every known form, in the manners in which codecs are written.

The codecs are ours; the payloads and their values are the makers' examples (Cayenne LPP, Dragino LHT65, Milesight EM300-TH).
"""

from __future__ import annotations

import pytest

from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call
from tests.support.sandbox import result, running_pool

CAYENNE = """
function Decoder(bytes, port) {
  values = {};  // undeclared, as it is often seen
  for (i = 0; i < bytes.length; i += 4) {
    if (bytes[i + 1] !== 0x67) break;
    values['temperature_' + bytes[i]] = ((bytes[i + 2] << 24 >> 16) | bytes[i + 3]) / 10;
  }
  return values;
}
"""
DRAGINO = """
Array.prototype.word = function (at) { return this[at] * 256 + this[at + 1]; };  // an extended prototype
function Decode(fPort, bytes, variables) {
  if (fPort !== 2) return null;
  return {battery_v: (bytes.word(0) & 0x3FFF) / 1000, temperature: bytes.word(2) / 100, humidity: bytes.word(4) / 10,
          external: bytes[6] === 1 ? bytes.word(7) / 100 : undefined};
}
"""
MILESIGHT = """
const sizes = new Map([[0x75, 1], [0x67, 2], [0x68, 1]]);
const read = {0x75: ([a]) => ({battery: a}), 0x67: ([a, b]) => ({temperature: ((b << 8 | a) << 16 >> 16) / 10}),
              0x68: ([a]) => ({humidity: a / 2})};
const decodeUplink = ({bytes}) => {
  let data = {}, rest = bytes;
  while (rest.length) {
    const [, kind, ...more] = rest, size = sizes.get(kind);
    if (!size) return {errors: [`unknown kind ${kind}`]};
    data = {...data, ...read[kind](more.slice(0, size))};
    rest = more.slice(size);
  }
  return {data};
};
class Interval {
  constructor(seconds) { this.seconds = seconds; }
  get bytes() { return [0xff, 3, this.seconds & 255, this.seconds >> 8]; }
}
const encodeDownlink = ({data}) => ({fPort: 85, bytes: new Interval(data.seconds).bytes});
"""


@pytest.mark.parametrize(
    ("script", "f_port", "payload", "values"),
    [
        (CAYENNE, 1, "03670110056700ff", {"temperature_3": 27.2, "temperature_5": 25.5}),
        (DRAGINO, 2, "cbf60b0d0376010add7fff", {"battery_v": 3.062, "temperature": 28.29, "humidity": 88.6, "external": 27.81}),
        (MILESIGHT, 85, "01755c03673401046865", {"battery": 92, "temperature": 30.8, "humidity": 50.5}),
    ],
    ids=["Decoder", "Decode", "decodeUplink"],
)
async def test_a_documented_payload_has_its_documented_values(
    script: str, f_port: int, payload: str, values: dict[str, float]
) -> None:
    async with running_pool() as pool:
        found = await result(pool, script, CodecInput(payload=bytes.fromhex(payload), f_port=f_port))
        assert (found.data, found.errors) == (values, [])


async def test_downlinks_of_every_form() -> None:
    older = "function Encode(fPort, data, variables) { return [fPort, data.x]; }"
    oldest = "function Encoder(data, port) { return [data.x, port]; }"
    async with running_pool() as pool:
        given = CodecInput(data={"seconds": 1200, "x": 7}, f_port=9)
        made = await result(pool, MILESIGHT, given, Call.ENCODE_DOWNLINK)
        assert (made.payload, made.f_port) == (bytes.fromhex("ff03b004"), 85)
        assert (await result(pool, older, given, Call.ENCODE_DOWNLINK)).payload == b"\x09\x07"
        assert (await result(pool, oldest, given, Call.ENCODE_DOWNLINK)).payload == b"\x07\x09"
        assert (await result(pool, older, given, Call.DECODE_DOWNLINK)).errors == ["it has no function decodeDownlink"]
