"""The JavaScript around a codec: it runs in each fresh context before the codec, and then finds and calls its functions.

The engine parses the prelude again for each call, so it contains only what this call needs: a longer one took half of a short
codec's time. It first stores the language features that it uses, so that a codec that modifies the language affects only
itself.
"""

from __future__ import annotations

from penstock.core.codecs.ports import Call

NAMES = {
    Call.DECODE_UPLINK: ("decodeUplink", "Decode", "Decoder"),
    Call.ENCODE_DOWNLINK: ("encodeDownlink", "Encode", "Encoder"),
    Call.DECODE_DOWNLINK: ("decodeDownlink",),
}
"""The functions that a call searches for: the current form first, then those of ChirpStack 3 and of The Things Network 2."""
NAMES[Call.INSPECT] = tuple(name for names in list(NAMES.values()) for name in names)

_CONSOLE = """
let room = 4096;
const slice = Function.prototype.call.bind(String.prototype.slice);
function note() {
  if (lines.length >= 100 || room <= 0) return;
  let line = "";
  for (let i = 0; i < arguments.length; i++) {
    const one = arguments[i];
    try { line += (i ? " " : "") + (typeof one === "object" ? stringify(one) : text(one)); } catch (error) { line += "?"; }
  }
  line = slice(line, 0, room);
  room -= line.length;
  lines[lines.length] = line;
}
globalThis.console = {log: note, info: note, warn: note, error: note, debug: note, trace: note, dir: note, table: note};
"""
"""Keeps what a codec logs: at most 100 lines and 4,096 characters."""

_VIEWS = "const isView = ArrayBuffer.isView, list = Array.from.bind(Array);"
"""An encoder can return a `Buffer`, which JSON does not write as an array."""

_CALLS = {
    Call.DECODE_UPLINK: """
if (f.decodeUplink) {
  if (g.recvTime !== null) g.recvTime = new Moment(g.recvTime); else delete g.recvTime;
  return f.decodeUplink(g);
}
if (f.Decode) return {data: f.Decode(g.fPort, g.bytes, g.variables)};
return {data: f.Decoder(g.bytes, g.fPort)};
""",
    Call.ENCODE_DOWNLINK: """
const made = f.encodeDownlink ? f.encodeDownlink(g)
  : {bytes: f.Encode ? f.Encode(g.fPort, g.data, g.variables) : f.Encoder(g.data, g.fPort)};
return made && isView(made.bytes) ? {...made, bytes: list(made.bytes)} : made;
""",
    Call.DECODE_DOWNLINK: "return f.decodeDownlink(g);",
    Call.INSPECT: "const known = []; for (const name in f) if (f[name]) known[known.length] = name; return known;",
}

_MISSING = "let any = false; for (const name in found) any = any || found[name] !== null; if (!any) return '{\"missing\":true}';"
_GONE = "delete globalThis.Atomics; delete globalThis.SharedArrayBuffer; delete globalThis.performance;"
"""A codec needs no shared memory, and has nothing to wait for."""


def prelude(call: Call, script: str) -> str:
    """The code that runs before a codec. Its value is a function that takes the found functions and the input as JSON."""
    return f"""(function () {{
"use strict";
const parse = JSON.parse, stringify = JSON.stringify, text = String, Moment = Date, lines = [];
{_VIEWS if call is Call.ENCODE_DOWNLINK else ""}{_CONSOLE if "console" in script else ""}{_GONE}
function call(f, g) {{{_CALLS[call]}}}
return function (found, input) {{
  try {{
    {_MISSING if call is not Call.INSPECT else ""}
    const result = call(found, parse(input));
    return stringify({{result: result === undefined ? null : result, logs: lines}});
  }} catch (error) {{
    let said = "something that has no text";
    try {{ said = text(error); if (error && error.stack) said += "\\n" + text(error.stack); }} catch (again) {{}}
    return stringify({{thrown: said, logs: lines}});
  }}
}};
}})()"""


def with_finder(call: Call, script: str) -> str:
    """A codec with a last expression whose value is its functions. Only there are functions visible that are not global."""
    found = ", ".join(f"{name}: typeof {name} === 'function' ? {name} : null" for name in NAMES[call])
    return f"{script}\n;({{{found}}})"
