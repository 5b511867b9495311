"""Names in addition to the language, as in the codecs of ChirpStack: `Buffer`, `atob`, `btoa`, `TextDecoder`, `console`."""

from __future__ import annotations

import pytest

from penstock.adapters.sandbox import library
from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call
from tests.support.sandbox import HONEST, result, running_pool

READS = {
    "Buffer.from(input.bytes).readInt16BE(0)": -2,
    "Buffer.from(input.bytes).readUInt16LE(2)": 513,
    "Buffer.from('3f9d70a4', 'hex').readFloatBE(0).toFixed(2)": "1.23",
    "Buffer.from(input.bytes).toString('hex')": "fffe0102",
    "Buffer.from(input.bytes).toString('base64')": "//4BAg==",
    "Buffer.from('//4BAg==', 'base64').length": 4,
    "Buffer.from('é€').toString('hex')": "c3a9e282ac",
    "Buffer.concat([Buffer.alloc(1), Buffer.from([7])]).toJSON().data": [0, 7],
    "Buffer.isBuffer(Buffer.from(input.bytes).slice(1)) && Buffer.from(input.bytes).slice(2).readUIntBE(0, 2)": 258,
    "Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]).readBigUInt64LE().toString()": "1",
    "btoa(String.fromCharCode.apply(null, input.bytes))": "//4BAg==",
    "Array.from(atob('//4BAg=='), function (one) { return one.charCodeAt(0); })": [255, 254, 1, 2],
    "new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa9]))": "é",
    "new TextDecoder('utf-8', {ignoreBOM: true}).decode(new Uint8Array([0xef, 0xbb, 0xbf, 97])).length": 2,
    "new TextDecoder('utf-16le').decode(new Uint8Array([233, 0]).buffer)": "é",
    "new TextDecoder('latin1').decode(Uint8Array.from(input.bytes).subarray(0, 1))": "ÿ",
    "new TextDecoder().decode(Uint8Array.from(input.bytes)).charCodeAt(0)": 0xFFFD,
    "Array.from(new TextEncoder().encode('é'))": [195, 169],
}
THROWS = {
    "new TextDecoder('utf-8', {fatal: true}).decode(Uint8Array.from(input.bytes))": "TypeError: the data is not valid utf-8",
    "new TextDecoder('koi8-r')": "RangeError: the encoding koi8-r is not supported",
    "Buffer.from(input.bytes).readInt32BE(2)": "RangeError: ",
}


async def test_a_codec_reads_bytes_as_it_does_at_its_network_server() -> None:
    given, found = CodecInput(payload=b"\xff\xfe\x01\x02"), {}
    async with running_pool(time_limit_s=1.0) as pool:
        for text in (*READS, *THROWS):
            done = await result(pool, f"function decodeUplink(input) {{ return {{data: {{value: {text}}}}}; }}", given)
            found[text] = done.data["value"] if done.data else done.errors[0]
    assert {text: found[text] for text in READS} == READS
    assert {text: THROWS[text] in str(found[text]) for text in THROWS} == dict.fromkeys(THROWS, True), found


@pytest.mark.parametrize(
    "script",
    [
        "function encodeDownlink({data}) { const b = Buffer.alloc(2); b.writeUInt16BE(data.s); return {bytes: b, fPort: 2}; }",
        "function encodeDownlink(input) { return {fPort: 2, bytes: new Uint8Array([input.data.s >> 8, input.data.s & 255])}; }",
        "function Encode(fPort, data) { return Buffer.from([data.s >> 8, data.s & 255]); }",
    ],
)
async def test_an_encoder_returns_a_buffer_or_a_typed_array(script: str) -> None:
    async with running_pool(time_limit_s=1.0) as pool:
        assert (await result(pool, script, CodecInput(data={"s": 300}, f_port=2), Call.ENCODE_DOWNLINK)).payload == b"\x01\x2c"


async def test_every_way_to_log_is_kept() -> None:
    names = ["log", "info", "warn", "error", "debug", "trace", "dir", "table"]
    script = f"function decodeUplink() {{ {''.join(f'console.{name}({name!r});' for name in names)} return {{data: {{}}}}; }}"
    async with running_pool() as pool:
        assert (await result(pool, script)).logs == names


async def test_a_buffer_of_the_script_s_own_takes_precedence() -> None:
    """Some makers bring one of their own, in a script for servers that have none."""
    for own in ("var Buffer = {mine: true};", "function Buffer() {} Buffer.mine = true;", "const Buffer = {mine: true};"):
        async with running_pool(time_limit_s=1.0) as pool:
            done = await result(pool, f"{own} function decodeUplink() {{ return {{data: {{mine: Buffer.mine}}}}; }}")
            assert done.data == {"mine": True}, (own, done)


def test_a_script_that_does_not_need_it_does_not_wait_for_it() -> None:
    assert library.library_for(HONEST) == ""
    assert library.library_for("RingBuffer") == ""
    assert len(library.library_for("new TextDecoder()")) > len(library.library_for("Buffer.from([])")) > 0
