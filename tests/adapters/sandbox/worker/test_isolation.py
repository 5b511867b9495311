"""What a call leaves behind: nothing. And what a script finds: the language."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.sandbox import HONEST, ORG, OTHER, result, running_pool

COUNTER = """
var calls = 0; let more = 0; everywhere = typeof everywhere === 'undefined' ? 0 : everywhere;
function decodeUplink(input) {
  calls++; more++; everywhere++;
  globalThis.kept = (globalThis.kept || 0) + 1;
  decodeUplink.left = (decodeUplink.left || 0) + 1;
  JSON.left = (JSON.left || 0) + 1;
  var symbol = Symbol.for('left'); RegExp[symbol] = (RegExp[symbol] || 0) + 1;
  Array.prototype.left = (Array.prototype.left || 0) + 1;
  Object.prototype.left = (Object.prototype.left || 0) + 1;
  return {data: {calls: calls, more: more, everywhere: everywhere, kept: kept, object: Object.prototype.left,
                 own: decodeUplink.left, json: JSON.left, regexp: RegExp[symbol]}};
}
"""
LOOKS = """
function decodeUplink(input) {
  var found = [];
  for (var name in {}) found.push(name);
  for (var name in []) found.push(name);
  if (typeof kept !== 'undefined' || typeof calls !== 'undefined' || typeof everywhere !== 'undefined') found.push('a global');
  if (JSON.left || RegExp[Symbol.for('left')]) found.push('the language');
  return {data: {found: found}};
}
"""
ABSENT = re.findall(
    r"\w+",
    """
    require module exports process std os fetch XMLHttpRequest WebSocket setTimeout setInterval setImmediate WebAssembly Deno Bun
    window self global navigator performance Atomics SharedArrayBuffer print load read scriptArgs Worker importScripts
    """,
)


async def test_nothing_is_left_for_the_next_call_of_anybody() -> None:
    first = {"calls": 1, "more": 1, "everywhere": 1, "kept": 1, "object": 1, "own": 1, "json": 1, "regexp": 1}
    async with running_pool() as pool:
        for org in (ORG, ORG, OTHER):
            assert (await result(pool, COUNTER, org=org)).data == first, "another device of the same codec, another organisation"
            assert (await result(pool, LOOKS, org=org)).data == {"found": []}, "another codec"
        assert pool.restarts == 0, "all of it was one process"


async def test_a_script_finds_the_language_and_nothing_else() -> None:
    # `Buffer` is there for who mentions it (tests/adapters/sandbox/test_library.py).
    seen = ", ".join(f"'{name}', typeof {name}" for name in ABSENT)
    script = f"""function decodeUplink() {{
      var seen = [{seen}], found = [];
      for (var i = 0; i < seen.length; i += 2) if (seen[i + 1] !== 'undefined') found.push(seen[i]);
      var world = Function('return this')();
      return {{data: {{found: found, same: world === globalThis, process: typeof world.process}}}};
    }}"""
    async with running_pool() as pool:
        assert (await result(pool, script)).data == {"found": [], "same": True, "process": "undefined"}


async def test_its_process_has_no_environment_but_utc_and_may_open_nothing() -> None:
    async with running_pool() as pool:
        await result(pool, HONEST)
        (pid,) = pool.pids
        process = Path(f"/proc/{pid}")
        assert process.joinpath("environ").read_bytes() == b"TZ=UTC0\0", "passwords of the server may stand in its environment"
        limits = process.joinpath("limits").read_text()
        for name in ("Max open files", "Max file size", "Max core file size", "Max processes"):
            line = next(line for line in limits.splitlines() if line.startswith(name))
            assert line.removeprefix(name).split()[:2] == ["0", "0"], line
    assert not process.exists() or "Z" in process.joinpath("stat").read_text().split()[2]
