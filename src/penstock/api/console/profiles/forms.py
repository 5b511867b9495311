"""Turns the form of a device profile into the body of its calls, and back. Sensors and registers are rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.api.console.shared.forms import Form

SPARE_ROWS = 2
"""Empty rows after the sensors and registers that there are."""
MAX_SENSORS, MAX_REGISTERS = 256, 64
SENSOR = ("key", "name", "unit", "value_type")
SENSOR_FIELDS = (*SENSOR, "decimals")
REGISTER_TEXTS, REGISTER_NUMBERS = ("name", "kind", "serial"), ("factor", "rolls_over_at")
TEXTS = ("name", "device_type", "model", "description")


def body_of(form: Form, registers: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The profile in a form. `registers` are those that it has: what the form does not show of them stays."""
    body: dict[str, Any] = {name: form.value(name).strip() for name in TEXTS}
    body["expected_interval_s"] = form.number("expected_interval_s")
    body["sensors"] = [_sensor(form, row) for row in _rows(form, "sensors", "key", MAX_SENSORS)]
    body["registers"] = [
        _register(form, row, registers[row] if row < len(registers) else {})
        for row in _rows(form, "registers", "field", MAX_REGISTERS)
    ]
    return body


def failed(form: Form, problem: Mapping[str, Any]) -> Form:
    """The form with the errors of a problem document. In the API empty rows are not counted, and a register can have sources."""
    errors = [one | {"field": one["field"].replace(".sources[0].", ".")} for one in problem.get("errors", ())]
    return form.failed({**problem, "errors": errors}, _names(form))


def _names(form: Form) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, row in enumerate(_rows(form, "sensors", "key", MAX_SENSORS)):
        found |= {f"sensors[{row}].{name}": f"sensors[{number}].{name}" for name in SENSOR_FIELDS}
    fields = (*REGISTER_TEXTS, *REGISTER_NUMBERS, "field", "unit")
    for number, row in enumerate(_rows(form, "registers", "field", MAX_REGISTERS)):
        found |= {f"registers[{row}].{name}": f"registers[{number}].{name}" for name in fields}
    return found


def rows_of(form: Form) -> dict[str, range]:
    """The rows of sensors and registers that a form shows."""
    found: dict[str, range] = {}
    for name, key, most in (("sensors", "key", MAX_SENSORS), ("registers", "field", MAX_REGISTERS)):
        filled = _rows(form, name, key, most)
        found[name] = range(min(most, (filled[-1] + 1 if filled else 0) + SPARE_ROWS))
    return found


def shown(profile: Mapping[str, Any]) -> Form:
    """The form that shows a profile."""
    found = {name: profile[name] for name in (*TEXTS, "expected_interval_s")}
    for row, sensor in enumerate(profile["sensors"]):
        found |= {f"sensors[{row}].{name}": sensor[name] for name in SENSOR_FIELDS}
    for row, register in enumerate(profile["registers"]):
        values = {name: register[name] for name in (*REGISTER_TEXTS, *REGISTER_NUMBERS)} | register["sources"][0]
        found |= {f"registers[{row}].{name}": value for name, value in values.items()}
    return Form.showing(found)


def _rows(form: Form, name: str, key: str, most: int) -> list[int]:
    return [row for row in range(most) if form.value(f"{name}[{row}].{key}").strip()]


def _sensor(form: Form, row: int) -> dict[str, Any]:
    values: dict[str, Any] = {name: form.value(f"sensors[{row}].{name}").strip() or None for name in SENSOR}
    values["decimals"] = form.number(f"sensors[{row}].decimals")
    return {name: value for name, value in values.items() if value is not None}


def _register(form: Form, row: int, known: Mapping[str, Any]) -> dict[str, Any]:
    at = f"registers[{row}]"
    first = {name: form.value(f"{at}.{name}").strip() for name in ("field", "unit")}
    values: dict[str, Any] = {name: form.value(f"{at}.{name}").strip() or None for name in REGISTER_TEXTS}
    values |= {name: form.number(f"{at}.{name}") for name in REGISTER_NUMBERS}
    # Results keep their unit; that of a new register is the one of its source.
    body = dict(known) | values | {"sources": [first, *known.get("sources", [])[1:]]}
    return {name: value for name, value in body.items() if value is not None}
