"""Validates the results of scripts. Nothing in them is trusted: a codec can return anything.

Decoders return {data, warnings?, errors?}, encoders {bytes, fPort?, warnings?, errors?}. With errors there is no result, as for
network servers. Instead of a `data` object there can be an array of readings, as `data`, as `readings` or alone; and histories
can be next to `data` as well as in it (`core/uplinks/histories.py`).
"""

from __future__ import annotations

import re
from typing import Any

from penstock.core.codecs.models import Result
from penstock.core.codecs.ports import Call, RunOutcome, RunStatus
from penstock.core.uplinks.histories import ARRAY, histories
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput

MAX_TEXTS = 32
MAX_TEXT = 300
MAX_LINES = 100
MAX_LINE = 4_096
MAX_DOWNLINK_BYTES = 242
"""The largest payload in LoRaWAN."""
_PLACE = re.compile(r"\s*\bat [^\n]*<input>:(\d+):(\d+).*", re.DOTALL)
"""The position at which an error was thrown, at the start of its stack."""
MAX_F_PORT = 223
"""Higher ports are not for applications."""
_NO_VALUES = {
    Call.DECODE_UPLINK: "it must return an object with a data object, or with an array of readings",
    Call.DECODE_DOWNLINK: "it must return an object with a data object",
}
REASONS = {
    RunStatus.TIMED_OUT: "it exceeded the time limit",
    RunStatus.OUT_OF_MEMORY: "it exceeded the memory limit",
    RunStatus.TOO_LARGE: "its result is too large",
    RunStatus.CRASHED: "it crashed its process",
    RunStatus.SUSPENDED: "it exceeded its limits repeatedly and is suspended for a while",
}


def read_result(call: Call, outcome: RunOutcome) -> Result:
    """The result of a call, whatever its outcome."""
    if outcome.status is not RunStatus.OK:
        return _without([REASONS.get(outcome.status) or _error_text(outcome.text)], outcome)
    try:
        answer = strict_json.decode(outcome.text.encode())
    except (InvalidInput, UnicodeEncodeError):
        return _without(["its result is not valid JSON"], outcome)
    # The code around the script always returns one of these, unless the script has changed what that code uses.
    if not isinstance(answer, dict) or not {"result", "thrown", "missing"} & answer.keys():
        return _without(["it modified the built-in objects of the language"], outcome)
    logs = _texts(answer.get("logs"), MAX_LINES, MAX_LINE)
    if "missing" in answer:
        return _without([f"it has no function {call.value}"], outcome, logs)
    if "thrown" in answer:
        return _without([_error_text(str(answer["thrown"]))], outcome, logs)
    return _read(call, answer["result"], outcome, logs)


def functions_of(outcome: RunOutcome) -> list[str]:
    """The functions that a script defines.

    Raises:
        InvalidInput: it cannot be loaded; the reason is included.
    """
    result = read_result(Call.INSPECT, outcome)
    if result.errors:
        raise InvalidInput.field("script", f"cannot be loaded: {result.errors[0]}", "script")
    return list((result.data or {}).get("functions", []))


def _read(call: Call, result: Any, outcome: RunOutcome, logs: list[str]) -> Result:
    if call is Call.INSPECT:
        found = [str(one) for one in result] if isinstance(result, list) else []
        return Result(data={"functions": found}, logs=logs, took_us=outcome.took_us)
    if call is Call.DECODE_UPLINK and isinstance(result, list):
        result = {ARRAY: result}
    if not isinstance(result, dict):
        return _without(["it must return an object"], outcome, logs)
    warnings, errors = _texts(result.get("warnings")), _texts(result.get("errors"))
    if errors:
        return _without(errors, outcome, logs, warnings)
    if call is Call.ENCODE_DOWNLINK:
        return _encoded(result, outcome, logs, warnings)
    data = result.get("data") if call is Call.DECODE_DOWNLINK else _values(result)
    if not isinstance(data, dict):
        return _without([_NO_VALUES[call]], outcome, logs, warnings)
    return Result(data=data, warnings=warnings, logs=logs, took_us=outcome.took_us)


def _values(result: dict[str, Any]) -> dict[str, Any] | None:
    """The values of an uplink, with the histories next to them; None if there are none."""
    data = result.get("data")
    found = {name: result[name] for name in histories(result, is_alone=not isinstance(data, dict))}
    if isinstance(data, dict):
        return {**data, **found} if found else data
    # An empty array says that there is nothing to report.
    return {} if data == [] and not found else found or None


def _encoded(result: dict[str, Any], outcome: RunOutcome, logs: list[str], warnings: list[str]) -> Result:
    values, f_port = result.get("bytes"), result.get("fPort")
    if not isinstance(values, list) or not all(_is_byte(one) for one in values):
        return _without(["bytes must be a list of whole numbers between 0 and 255"], outcome, logs, warnings)
    if len(values) > MAX_DOWNLINK_BYTES:
        return _without(
            [f"there are {len(values)} bytes, but there must be at most {MAX_DOWNLINK_BYTES}"], outcome, logs, warnings
        )
    # `type`, not `isinstance`: JavaScript's true is a bool, which Python counts as an int.
    if f_port is not None and not (type(f_port) is int and 1 <= f_port <= MAX_F_PORT):
        return _without([f"fPort must be a whole number between 1 and {MAX_F_PORT}"], outcome, logs, warnings)
    return Result(payload=bytes(values), f_port=f_port, warnings=warnings, logs=logs, took_us=outcome.took_us)


def _is_byte(value: object) -> bool:
    # A bool is an int in Python, but not a byte.
    return type(value) is int and 0 <= value <= 255


def _without(errors: list[str], outcome: RunOutcome, logs: list[str] | None = None, warnings: list[str] | None = None) -> Result:
    return Result(errors=errors, warnings=warnings or [], logs=logs or [], took_us=outcome.took_us)


def _texts(value: object, limit: int = MAX_TEXTS, length: int = MAX_TEXT) -> list[str]:
    """The strings of a list, or of a single value; other types are converted to strings."""
    many = value if isinstance(value, list) else [] if value is None or value in ("", False) else [value]
    return [_cut(one if isinstance(one, str) else str(one), length) for one in many[:limit] if one is not None]


def _error_text(text: str) -> str:
    """The message of an error, with the position in the script instead of a stack."""
    return _cut(_PLACE.sub(r" (line \1, column \2)", text.strip(), count=1) or "it threw an error without a message")


def _cut(text: str, length: int = MAX_TEXT) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
