"""The validation of a command's parameters and their values. Pure; every error names the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.core.commands.models import Parameter, ParameterType
from penstock.kit.errors import FieldError, InvalidInput

_NUMERIC = (ParameterType.INTEGER, ParameterType.NUMBER)
_ALLOWED = {
    "minimum": _NUMERIC,
    "maximum": _NUMERIC,
    "min_length": (ParameterType.STRING,),
    "max_length": (ParameterType.STRING,),
    "values": (ParameterType.ENUM,),
}
"""Restrictions, and the types that can have them."""


def check_parameters(parameters: Sequence[Parameter]) -> None:
    """Check the parameters of a definition.

    Raises:
        InvalidInput: a name is a duplicate, a restriction does not apply to the type or contradicts another, or the default is
            not
            valid.
    """
    names = [one.name for one in parameters]
    for place, parameter in enumerate(parameters):
        at = f"parameters[{place}]"
        if names.index(parameter.name) != place:
            raise InvalidInput.field(f"{at}.name", "must not be repeated", "duplicate")
        _check_restrictions(parameter, at)
        if parameter.default is not None and (reason := misfit(parameter, parameter.default)):
            raise InvalidInput.field(f"{at}.default", reason)


def _check_restrictions(parameter: Parameter, at: str) -> None:
    for name, types in _ALLOWED.items():
        if getattr(parameter, name) not in (None, ()) and parameter.type not in types:
            raise InvalidInput.field(f"{at}.{name}", f"is allowed only for {' and '.join(types)}")
    if parameter.type is ParameterType.ENUM and not parameter.values:
        raise InvalidInput.field(f"{at}.values", "must have at least one entry for an enum", "required")
    if len(set(parameter.values)) != len(parameter.values):
        raise InvalidInput.field(f"{at}.values", "must not contain duplicates", "duplicate")
    for low, high in (("minimum", "maximum"), ("min_length", "max_length")):
        least, most = getattr(parameter, low), getattr(parameter, high)
        if least is not None and most is not None and least > most:
            raise InvalidInput.field(f"{at}.{low}", f"must not be greater than {high}")


def fit_parameters(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an execution, in the definition's order. Values that are missing or null get their default.

    Raises:
        InvalidInput: names every value that is invalid, missing, or not a parameter.
    """
    known = {one.name for one in parameters}
    errors = [FieldError(_at(name), "is not a parameter of this command", "unknown") for name in values if name not in known]
    fitted: dict[str, Any] = {}
    for parameter in parameters:
        value = values.get(parameter.name)
        if value is None:
            value = parameter.default
        elif reason := misfit(parameter, value):
            errors.append(FieldError(_at(parameter.name), reason))
        if parameter.type is ParameterType.INTEGER and isinstance(value, float):
            value = int(value)
        if value is not None:
            fitted[parameter.name] = value
        elif parameter.required:
            errors.append(FieldError(_at(parameter.name), "is required", "required"))
    if errors:
        raise InvalidInput(reason=f"{errors[0].field}: {errors[0].detail}", errors=errors[:100])
    return fitted


def _at(name: str) -> str:
    return f"parameters.{name[:100]}"


def misfit(parameter: Parameter, value: Any) -> str | None:
    """Why a value is not valid for a parameter, or None. A boolean is not a number; 2.0 is an integer."""
    match parameter.type:
        case ParameterType.STRING:
            return _misfit_text(parameter, value)
        case ParameterType.INTEGER | ParameterType.NUMBER:
            return _misfit_number(parameter, value)
        case ParameterType.BOOLEAN:
            return None if isinstance(value, bool) else "must be a boolean"
        case ParameterType.ENUM:
            return None if value in parameter.values else f"must be one of {', '.join(parameter.values)}"[:300]
        case ParameterType.OBJECT:
            return None if isinstance(value, dict) else "must be an object"


def _misfit_text(parameter: Parameter, value: Any) -> str | None:
    if not isinstance(value, str):
        return "must be a string"
    if parameter.min_length is not None and len(value) < parameter.min_length:
        return f"must have at least {parameter.min_length} characters"
    if parameter.max_length is not None and len(value) > parameter.max_length:
        return f"must have at most {parameter.max_length} characters"
    return None


def _misfit_number(parameter: Parameter, value: Any) -> str | None:
    whole = parameter.type is ParameterType.INTEGER
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and value != int(value)):
        return "must be a whole number" if whole else "must be a number"
    if whole and not -(2**63) <= value < 2**63:
        return "must be a whole number of at most 64 bits"
    if parameter.minimum is not None and value < parameter.minimum:
        return f"must be at least {parameter.minimum}"
    if parameter.maximum is not None and value > parameter.maximum:
        return f"must be at most {parameter.maximum}"
    return None
