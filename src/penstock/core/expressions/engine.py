"""The CEL engine: cel-cpp by its Python package, with the numbers of JSON and time zones added.

An expression is compiled in two environments. The *checking* environment declares more than CEL does: that an int is compared
and mixed with a double. The checked expression then runs in the *running* environment, which must not have those declarations,
because a declared `_==_` replaces the engine's own. Where an operation of the engine itself has to be replaced (`/`, and the
functions of time zones), its name in the checked expression is replaced by another of the same length.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import product

from cel_expr_python import cel
from cel_expr_python.ext.ext_bindings import ExtBindings
from cel_expr_python.ext.ext_encoders import ExtEncoders
from cel_expr_python.ext.ext_math import ExtMath
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from penstock.core.expressions import numbers, zones

__all__ = ["TO_CHECK", "TO_RUN", "Kind", "cel", "checking", "running"]

Type = cel.Type
_NUMBERS = (Type.INT, Type.DOUBLE)


class Kind(StrEnum):
    """The type of a variable."""

    ANY = "any"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"
    VALUES = "values"
    """A map from names to values of any type."""
    TEXTS = "texts"
    """A map from names to texts."""
    NUMBERS = "numbers"
    """A map from names to numbers."""


_TYPES = {
    Kind.ANY: Type.DYN,
    Kind.BOOLEAN: Type.BOOL,
    # Of a number only DYN admits both an int above 2^53 and a double.
    Kind.NUMBER: Type.DYN,
    Kind.TEXT: Type.STRING,
    Kind.TIME: Type.TIMESTAMP,
    Kind.VALUES: Type.Map(Type.STRING, Type.DYN),
    Kind.TEXTS: Type.Map(Type.STRING, Type.STRING),
    Kind.NUMBERS: Type.Map(Type.STRING, Type.DOUBLE),
}


def _mixed(name: str, results: Mapping[str, cel.Type]) -> list[cel.FunctionDecl]:
    """Declarations of operators between an int and a double. They are only checked, never called."""
    pairs = [pair for pair in product((*_NUMBERS, Type.UINT), repeat=2) if pair[0] != pair[1]]
    return [
        cel.FunctionDecl(operator, [cel.Overload(f"{name}_{operator}_{at}", result, list(pair)) for at, pair in enumerate(pairs)])
        for operator, result in results.items()
    ]


def _checked_only() -> list[cel.FunctionDecl]:
    pairs = [pair for pair in product(_NUMBERS, repeat=2) if pair[0] != pair[1]]
    entries = [cel.Overload(f"in_{at}", Type.BOOL, [one, Type.List(other)]) for at, (one, other) in enumerate(pairs)]
    choices = [cel.Overload(f"choice_{at}", Type.DOUBLE, [Type.BOOL, *pair]) for at, pair in enumerate(pairs)]
    return [
        *_mixed("compared", {operator: Type.BOOL for operator in ("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_")}),
        cel.FunctionDecl("@in", entries),
        cel.FunctionDecl("_?_:_", choices),
    ]


_LIBRARIES = [ExtStrings(), ExtMath(), ExtOptional(), ExtBindings(), ExtEncoders()]
_SHARED = [*_LIBRARIES, cel.CelExtension("numbers", numbers.functions())]
TO_CHECK = [*_SHARED, cel.CelExtension("checked", _checked_only())]
TO_RUN = [*_SHARED, cel.CelExtension("replacing", [*numbers.replacements(), *zones.replacements()])]


def checking(variables: Mapping[str, Kind]) -> cel.Env:
    """An environment that compiles expressions over these variables."""
    return cel.NewEnv(variables=_types(variables), extensions=TO_CHECK)


def running(variables: Mapping[str, Kind]) -> cel.Env:
    """An environment in which checked expressions over these variables run."""
    found = cel.NewEnv(variables=_types(variables), extensions=TO_RUN)
    # The first compilation sets the types of the variables. Without it, a deserialised expression takes no times.
    found.compile("true")
    return found


def _types(variables: Mapping[str, Kind]) -> dict[str, cel.Type]:
    return {name: _TYPES[kind] for name, kind in variables.items()}
