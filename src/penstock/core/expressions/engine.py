"""The CEL engine: cel-cpp by its Python package, with the numbers of JSON and time zones added.

An expression is compiled in two environments. The *checking* environment declares more than CEL does: that an int is compared
and mixed with a double. The checked expression then runs in the *running* environment, which must not have those declarations,
because a declared `_==_` replaces the engine's own. Where an operation of the engine itself has to be replaced (`/`, and the
functions of time zones), its name in the checked expression is replaced by another of the same length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from itertools import product

from cel_expr_python import cel
from cel_expr_python.ext.ext_bindings import ExtBindings
from cel_expr_python.ext.ext_encoders import ExtEncoders
from cel_expr_python.ext.ext_math import ExtMath
from cel_expr_python.ext.ext_optional import ExtOptional
from cel_expr_python.ext.ext_strings import ExtStrings

from penstock.core.expressions import numbers, texts, zones

__all__ = ["TO_CHECK", "TO_RUN", "Kind", "cel", "checking", "running"]

Type = cel.Type
_NUMBERS = (Type.INT, Type.DOUBLE)


class Kind(StrEnum):
    """The type of a variable."""

    ANY = "any"
    BOOLEAN = "boolean"
    NUMBER = "number"
    """A number below 2^53."""
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
    Kind.NUMBER: Type.DOUBLE,
    Kind.TEXT: Type.STRING,
    Kind.TIME: Type.TIMESTAMP,
    Kind.VALUES: Type.Map(Type.STRING, Type.DYN),
    Kind.TEXTS: Type.Map(Type.STRING, Type.STRING),
    Kind.NUMBERS: Type.Map(Type.STRING, Type.DOUBLE),
}


def _checked_only() -> list[cel.FunctionDecl]:
    """Declarations of operators between ints and doubles, and between what contains them. They are only checked, never called."""
    pairs = [(one, other) for one, other in product((*_NUMBERS, Type.UINT), repeat=2) if one != other]
    forms: list[Callable[[cel.Type], cel.Type]] = [
        Type.List,
        lambda of: Type.Map(Type.STRING, of),
        lambda of: Type.Map(Type.INT, of),
        lambda of: Type.List(Type.List(of)),
        lambda of: Type.Map(Type.STRING, Type.List(of)),
        lambda of: Type.List(Type.Map(Type.STRING, of)),
    ]
    alike = [*pairs, *((form(one), form(other)) for form in forms for one, other in pairs)]
    lists = [(Type.List(one), Type.List(other)) for one, other in pairs]
    entries = [(one, Type.List(other)) for one, other in alike]
    keys = [(Type.DOUBLE, Type.Map(Type.INT, Type.DYN)), (Type.UINT, Type.Map(Type.INT, Type.DYN))]
    return [
        *(_declared(name, alike, Type.BOOL) for name in ("_==_", "_!=_")),
        *(_declared(name, pairs, Type.BOOL) for name in ("_<_", "_<=_", "_>_", "_>=_")),
        _declared("@in", [*entries, *keys], Type.BOOL),
        _declared("_+_", lists, Type.List(Type.DOUBLE)),
        _declared("_[_]", [(Type.List(Type.DYN), Type.DOUBLE), (Type.Map(Type.INT, Type.DYN), Type.DOUBLE)], Type.DYN),
        cel.FunctionDecl(
            "_?_:_", [cel.Overload(f"choice_{at}", _either(*pair), [Type.BOOL, *pair]) for at, pair in enumerate(alike)]
        ),
        *numbers.declarations(),
    ]


def _declared(name: str, pairs: Sequence[tuple[cel.Type, cel.Type]], result: cel.Type) -> cel.FunctionDecl:
    return cel.FunctionDecl(name, [cel.Overload(f"mixed_{name}_{at}", result, list(pair)) for at, pair in enumerate(pairs)])


def _either(one: cel.Type, _: cel.Type) -> cel.Type:
    """The type of a choice between two forms of numbers, or between what contains them."""
    return Type.DOUBLE if one in (*_NUMBERS, Type.UINT) else Type.DYN


_LIBRARIES = [ExtStrings(), ExtMath(), ExtOptional(), ExtBindings(), ExtEncoders()]
_SHARED = [*_LIBRARIES, cel.CelExtension("numbers", [*numbers.functions(), *texts.functions()])]
TO_CHECK = [*_SHARED, cel.CelExtension("checked", _checked_only())]
TO_RUN = [
    *_SHARED,
    cel.CelExtension("replacing", [*numbers.replacements(), *texts.replacements(), *zones.replacements()]),
]


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
