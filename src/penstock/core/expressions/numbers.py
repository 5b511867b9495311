"""The numbers of JSON in expressions: one numeric type, whatever its form.

CEL does not add an int to a double. A sensor that sends `21` and `21.5` would change the meaning of `t * 2` and of `t / 2`. So
every number of JSON is a double, except an integer from 2^53 on, which has none of its own and stays exact; ints and doubles
mix in every operator; division is the division of doubles; and functions that need an int accept a double without a fraction.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TypeAlias

from cel_expr_python import cel

Number: TypeAlias = int | float
Type = cel.Type
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INT64 = 2**63
_NUMBERS = (Type.INT, Type.DOUBLE)
_TEXT = Type.STRING
REPLACED = {"_/_": "div"}
"""Operators that are replaced in a checked expression, with their replacement: a name of the same length."""


def divide(dividend: Number, divisor: Number) -> float:
    """The quotient as a double.

    Raises:
        ZeroDivisionError: an infinite value would make a condition true without a reason that anyone sees.
        TypeError: one of them is not a number.
    """
    if type(dividend) not in (int, float) or type(divisor) not in (int, float):
        raise TypeError(f"No matching overloads found : _/_({type(dividend).__name__}, {type(divisor).__name__})")
    if not divisor:
        raise ZeroDivisionError("division by zero")
    return float(dividend / divisor)


def remainder(dividend: Number, divisor: Number) -> float:
    """The remainder with the sign of the dividend, as for ints."""
    if not divisor:
        raise ZeroDivisionError("modulus by zero")
    return math.fmod(dividend, divisor)


def whole(number: Number) -> int:
    """An int.

    Raises:
        ValueError: it has a fraction or exceeds 64 bits.
    """
    if isinstance(number, float) and not number.is_integer():
        raise ValueError("the number must not have a fraction")
    if not -_INT64 <= number < _INT64:
        raise ValueError("the number is out of range")
    return int(number)


def integral(value: object) -> object:
    """A result with its doubles that have no fraction as ints: what a device sent as 21 is written as 21 again."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= 2**53 else value
    if isinstance(value, dict):
        return {key: integral(entry) for key, entry in value.items()}
    return [integral(entry) for entry in value] if isinstance(value, list) else value


def functions() -> list[cel.FunctionDecl]:
    """What mixes ints and doubles, and the functions of whole numbers."""
    return [*_operators(), *_of_whole_numbers()]


def replacements() -> list[cel.FunctionDecl]:
    """The functions that replace operators of the engine."""
    overload = cel.Overload("div_numbers", Type.DOUBLE, [Type.DYN, Type.DYN], impl=divide)
    return [cel.FunctionDecl(REPLACED["_/_"], [overload])]


def _operators() -> list[cel.FunctionDecl]:
    found = []
    calls: dict[str, Callable[[Number, Number], Number]] = {"_*_": operator.mul, "_+_": operator.add, "_-_": operator.sub}
    for name, call in {**calls, "_%_": remainder, "_/_": divide}.items():
        pairs = [pair for pair in product(_NUMBERS, repeat=2) if pair[0] != pair[1]]
        if name == "_%_":
            pairs.append((Type.DOUBLE, Type.DOUBLE))  # CEL has it for ints only
        overloads = [cel.Overload(f"mixed{name}{at}", Type.DOUBLE, list(pair), impl=call) for at, pair in enumerate(pairs)]
        found.append(cel.FunctionDecl(name, overloads))
    return found


def _timestamp(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _place(text: str, at: Number, end: bool = True) -> int:
    index = whole(at)
    if not 0 <= index <= len(text) - (not end):
        raise ValueError(f"the index {index} is out of range")
    return index


def _char_at(text: str, at: Number) -> str:
    index = _place(text, at)
    return text[index : index + 1]


def _substring(text: str, start: Number, end: Number | None = None) -> str:
    first, last = _place(text, start), len(text) if end is None else _place(text, end)
    if first > last:
        raise ValueError("the start of a substring must not be after its end")
    return text[first:last]


def _shift(call: Callable[[int, int], int]) -> Callable[[Number, Number], int]:
    def shifted(number: Number, by: Number) -> int:
        places = whole(by)
        if places < 0:
            raise ValueError("the offset of a shift must not be negative")
        # The engine shifts the 64 bits of the number, without its sign.
        return _signed(call(whole(number) % (2 * _INT64), places) if places < 64 else 0)

    return shifted


def _signed(bits: int) -> int:
    bits %= 2 * _INT64
    return bits - 2 * _INT64 if bits >= _INT64 else bits


def _bits(call: Callable[[int, int], int]) -> Callable[[Number, Number], int]:
    return lambda one, other: call(whole(one), whole(other))


def _of_whole_numbers() -> list[cel.FunctionDecl]:
    found = [
        cel.FunctionDecl("timestamp", [cel.Overload("timestamp_number", Type.TIMESTAMP, [Type.DOUBLE], impl=_timestamp)]),
        _whole("charAt", _TEXT, [_TEXT], 1, _char_at),
        _whole("substring", _TEXT, [_TEXT], 1, _substring, more=2),
        _whole("math.bitNot", Type.INT, [], 1, lambda number: ~whole(number)),
    ]
    pairs: dict[str, Callable[[Number, Number], int]] = {
        "math.bitAnd": _bits(operator.and_),
        "math.bitOr": _bits(operator.or_),
        "math.bitXor": _bits(operator.xor),
        "math.bitShiftLeft": _shift(operator.lshift),
        "math.bitShiftRight": _shift(operator.rshift),
    }
    return [*found, *(_whole(name, Type.INT, [], 2, call) for name, call in pairs.items())]


def _whole(
    name: str, result: cel.Type, before: list[cel.Type], count: int, call: Callable[..., str | int], more: int = 0
) -> cel.FunctionDecl:
    """The overloads of a function that has ints, for each of them that is a double instead."""
    overloads = []
    for numbers in (count, more) if more else (count,):
        for at, types in enumerate(product(_NUMBERS, repeat=numbers)):
            if Type.DOUBLE in types:
                parameters = [*before, *types]
                overloads.append(cel.Overload(f"{name}_{numbers}_{at}", result, parameters, is_member=bool(before), impl=call))
    return cel.FunctionDecl(name, overloads)
