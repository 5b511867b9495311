"""`penstock send`: send a reading to a server at a distance."""

from __future__ import annotations

import re
import sys
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from penstock.cli.client import connected
from penstock.cli.options import JsonOption
from penstock.cli.remote import ProfileOption, RemoteFailed
from penstock.cli.shown import print_json

MAX_BYTES = 8_388_608
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False}


def send(
    device: str,
    /,
    *values: str,
    stdin: Annotated[bool, Parameter(help="Read the values from standard input, as an object of JSON.", negative="")] = False,
    time: Annotated[str | None, Parameter(help="Event time: RFC 3339 with an offset, or epoch seconds. Default: now.")] = None,
    kind: Annotated[str | None, Parameter(help="Kind of the reading. Default: telemetry.")] = None,
    channel: Annotated[str | None, Parameter(help="Channel of the reading.")] = None,
    dedupe_key: Annotated[str | None, Parameter(help="Name of the reading: a repetition of it is not stored.")] = None,
    json: JsonOption = False,
    profile: ProfileOption = None,
) -> None:
    """Send a reading. The key needs the scope telemetry:write.

    penstock send dev_0c2k9fq7w3m1x temperature=4.8 vibration.rms=0.2 door=open

    Parameters
    ----------
    device
        Id, or any identifier of the device.
    values
        Values as key=value, where a dot goes into an object. Numbers, true and false are texts only in double quotes.
        Or one object of JSON.
    """
    data = _read() if stdin else data_of(values)
    row: dict[str, Any] = {"device_id" if device.startswith("dev_") else "device": device, "data": data}
    row |= {"time": time_of(time)} if time is not None else {}
    named = {"kind": kind, "channel": channel, "dedupe_key": dedupe_key}
    row |= {name: value for name, value in named.items() if value is not None}
    with connected(profile) as client:
        answer = client.telemetry.send([row])  # type: ignore[list-item]
    if json:
        print_json(answer)
        return
    status = "was stored before" if answer["duplicates"] else "is quarantined" if answer["quarantined"] else "was stored"
    print(f"reading {answer['seqs'][0]} {status}")


def data_of(values: tuple[str, ...]) -> dict[str, Any]:
    """The values of a reading from the arguments.

    Raises:
        RemoteFailed: there are none, or one is neither key=value nor an object of JSON.
    """
    if len(values) == 1 and values[0].startswith("{"):
        return _object(values[0].encode())
    data: dict[str, Any] = {}
    for one in values:
        path, equals, text = one.partition("=")
        if not equals or not all(path.split(".")):
            raise RemoteFailed(reason=f"{one!r} must be key=value")
        _put(data, path, value_of(text))
    if not data:
        raise RemoteFailed(reason="at least one value is required, such as temperature=4.8")
    return data


def value_of(text: str) -> Any:
    """A value as it is meant: a number, a truth value or a text."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1]
    if _NUMBER.fullmatch(text):
        return msgspec.json.decode(text)
    return _WORDS.get(text, text)


def time_of(text: str) -> Any:
    """A time as the API takes it: epoch numbers are not texts."""
    return msgspec.json.decode(text) if _NUMBER.fullmatch(text) else text


def _read() -> dict[str, Any]:
    return _object(sys.stdin.buffer.read(MAX_BYTES))


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    place = data
    for name in parents:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            raise RemoteFailed(reason=f"{path} is inside a value that is not an object")
        place = inner
    if last in place:
        raise RemoteFailed(reason=f"{path} is there twice")
    place[last] = value


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = None
    if not isinstance(found, dict) or not found:
        raise RemoteFailed(reason="the data must be an object of JSON with at least one value")
    return found
