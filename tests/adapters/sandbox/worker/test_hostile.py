"""Codecs that mean harm: each costs one call, and the next one of anybody is as if it had not been."""

from __future__ import annotations

import math

import pytest
import quickjs

from penstock.adapters.sandbox.frames import Bounds
from penstock.adapters.sandbox.worker import Engine
from penstock.core.codecs.ports import Call, RunStatus
from penstock.core.codecs.results import read_result
from tests.support.sandbox import HONEST, OTHER, result, run, running_pool


def decoder(body: str) -> str:
    return f"function decodeUplink(input) {{ {body} }}"


OVERRUNS = {
    "a loop": decoder("while (true) {}"),
    "a loop outside of every function": "for (;;) {}",
    "a loop that catches its interruption": decoder("for (;;) { try { for (;;) {} } catch (error) {} finally { continue; } }"),
    "a regular expression that backtracks": decoder("return /^(a+)+$/.test('a'.repeat(60) + '!');"),
    "a regular expression of lookaheads": decoder("return /(?=(a+))*(a*)*b/.test('a'.repeat(10000));"),
    "one instruction that does not end": decoder("return new Array(4e7).sort();"),
    "a getter that loops": decoder("return {data: {get x() { for (;;) {} }}};"),
    "a toJSON that loops": decoder("return {data: {toJSON: function () { for (;;) {} }}};"),
    "a proxy that loops": decoder("return new Proxy({}, {get: function () { for (;;) {} } });"),
    "an error whose text loops": "throw {toString: function () { for (;;) {} }};",
    "an error whose text loops, in a call": decoder("throw {toString: function () { for (;;) {} }};"),
}
BOMBS = {
    "a generator": decoder("return {data: Array.from((function* () { for (;;) yield 1; })())};"),
    "arrays": decoder("var all = []; for (;;) all.push(new Array(10000).fill(7));"),
    "one array": decoder("return {data: new Array(1e9).fill(1)};"),
    "a text": decoder("return {data: {x: 'x'.repeat(5e8)}};"),
    "a buffer of bytes": decoder("return {data: {x: new Uint8Array(1e9)}};"),
    "a doubled text": decoder("var s = 'x'.repeat(1e6); for (;;) s = s + s + '!'; "),
    "a map": decoder("var m = new Map(); for (var i = 0; ; i++) m.set(i, {i: i});"),
    "numbers without bounds": decoder("var x = 3n; for (;;) x = x * x;"),
    "an output without bounds": decoder(
        "var o = {}; for (var i = 0; i < 1e4; i++) o['k' + i] = 'v'.repeat(50); return {data: o};"
    ),
    "deep recursion": decoder("function f() { return f() + 1; } return f();"),
    "deep recursion by other ways": decoder("var o = {}; o.toString = function () { return '' + o; }; return '' + o;"),
    "nested deeply": decoder("var o = {}; for (var i = 0; i < 5000; i++) o = {o: o}; return {data: o};"),
    "arguments": decoder("return Math.max.apply(null, new Array(1e7));"),
}
ODD = {
    "nothing": decoder(""),
    "null": decoder("return null;"),
    "a number": decoder("return 7;"),
    "data that is a list": decoder("return {data: [1]};"),
    "data that is a text": decoder("return {data: 'x'};"),
    "a promise": "async function decodeUplink() { return {data: {x: 1}}; }",
    "a cycle": decoder("var o = {}; o.o = o; return {data: o};"),
    "a big integer": decoder("return {data: {x: 1n}};"),
    "half of a surrogate pair": decoder("return {data: {x: '\\ud800'}};"),
    "a NUL": decoder("return {data: {x: '\\u0000'}};"),
    "thrown null": decoder("throw null;"),
    "thrown undefined": decoder("throw undefined;"),
    "a thrown symbol": decoder("throw Symbol('x');"),
    "a thrown object without a prototype": decoder("throw Object.create(null);"),
    "a thrown text outside": "throw 'no';",
    "no function": "var x = 1;",
    "no JavaScript": "def decode(payload): return payload",
    "an end of what stands around it": "})(); }",
    "an import": "import fs from 'fs';",
    "a bent Object": "Object.prototype.toJSON = function () { return 7; };" + HONEST,
    "an unknown name": decoder("return {data: {x: require('fs')}};"),
}
BENT = {
    "a bent JSON": "JSON.stringify = JSON.parse = function () { return 'x'; };" + HONEST,
    "a bent String": "String = Array = Object = undefined;" + HONEST,
    "a getter on every object": "Object.defineProperty(Object.prototype, 'missing', {get: function () { return 1; }});" + HONEST,
    "functions of its own names": "var call = 1, found = 2, input = 3, lines = 4;" + HONEST,
    "the global object frozen": "Object.freeze(globalThis);" + HONEST,
}


async def test_what_takes_too_long_is_ended_and_others_go_on() -> None:
    async with running_pool(time_limit_s=0.05) as pool:
        for name, script in OVERRUNS.items():
            assert (await run(pool, script)).status is RunStatus.TIMED_OUT, name
            assert (await result(pool, HONEST, org=OTHER)).data == {"sum": 6}, name


async def test_what_takes_too_much_is_ended_and_others_go_on() -> None:
    async with running_pool(time_limit_s=2.0) as pool:
        for name, script in BOMBS.items():
            ended = read_result(Call.DECODE_UPLINK, await run(pool, script))
            assert ended.data is None, name
            assert ended.errors, name
            assert (await result(pool, HONEST, org=OTHER)).data == {"sum": 6}, name


async def test_odd_answers_are_no_results() -> None:
    async with running_pool() as pool:
        for name, script in ODD.items():
            found = await result(pool, script)
            assert (found.data, len(found.errors)) == (None, 1), (name, found)
            assert len(found.errors[0]) <= 300
        assert pool.overruns == 0


async def test_a_codec_that_bends_the_language_bends_only_itself() -> None:
    async with running_pool() as pool:
        for name, script in BENT.items():
            await run(pool, script)
            assert (await result(pool, HONEST)).data == {"sum": 6}, name
            assert (await result(pool, HONEST, org=OTHER)).data == {"sum": 6}, name


async def test_numbers_that_are_none_become_null() -> None:
    async with running_pool() as pool:
        found = await result(pool, decoder("return {data: {a: NaN, b: 1/0, c: -0, d: 1e308, e: 2**53, f: undefined}};"))
        assert found.data == {"a": None, "b": None, "c": 0, "d": 1e308, "e": 2**53}


async def test_the_console_is_kept_within_bounds() -> None:
    async with running_pool() as pool:
        script = decoder("for (var i = 0; i < 1e4; i++) console.log('line', i, {i: i}); return {data: {x: 1}};")
        found = await result(pool, script)
        assert (found.data, found.logs[0], len(found.logs)) == ({"x": 1}, 'line 0 {"i":0}', 100)
        found = await result(pool, decoder("console.error('y'.repeat(1e6), input); return {data: {x: 1}};"))
        assert [len(line) for line in found.logs] == [4096]


def test_a_call_that_the_engine_ended_timed_out_also_if_our_clock_is_behind() -> None:
    engine = Engine(Bounds(time_s=60, memory_bytes=1 << 25, output_bytes=1_000))
    context = quickjs.Context()
    context.set_time_limit(0.001)
    with pytest.raises(quickjs.JSException) as ended:
        context.eval("for (;;) {}")
    assert engine._failure(ended.value, math.inf) == (RunStatus.TIMED_OUT, "")
