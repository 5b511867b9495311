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
_EXACT = 2**53
_NUMBERS = (Type.INT, Type.DOUBLE)
_MIXED = [(one, other) for one, other in product((*_NUMBERS, Type.UINT), repeat=2) if one != other]
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


def remainder(dividend: Number, divisor: Number) -> Number:
    """The remainder with the sign of the dividend, as for ints."""
    if not divisor:
        raise ZeroDivisionError("modulus by zero")
    if isinstance(dividend, int) and isinstance(divisor, int):
        rest = abs(dividend) % abs(divisor)
        return -rest if dividend < 0 else rest
    return math.fmod(dividend, divisor)


def exact(call: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
    """An operation on an int and a double, in which an int that has no double of its own keeps all its digits.

    The other operand takes part as an int if it has no fraction; a result that has a double of its own is one.
    """

    def mixed(one: Number, other: Number) -> Number:
        found = call(_as_int(one), _as_int(other))
        return found if isinstance(found, int) and _EXACT <= abs(found) < _INT64 else float(found)

    return mixed


def _form_of(call: Callable[[Number, Number], Number], pair: tuple[cel.Type, cel.Type]) -> Callable[[Number, Number], Number]:
    """The operation for a pair of types. Evaluations spend most of their time here, so that small ints take the short way."""
    slow = exact(call)
    if pair == (Type.INT, Type.DOUBLE):
        return lambda one, other: call(one, other) if -_EXACT < one < _EXACT else slow(one, other)
    if pair == (Type.DOUBLE, Type.INT):
        return lambda one, other: call(one, other) if -_EXACT < other < _EXACT else slow(one, other)
    return call if pair == (Type.DOUBLE, Type.DOUBLE) else slow


def _as_int(number: Number) -> Number:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def whole(number: Number) -> int:
    """An int.

    Raises:
        ValueError: it has a fraction or exceeds 64 bits.
        TypeError: it is not a number.
    """
    if type(number) not in (int, float):
        raise TypeError("a number is required")
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


def declarations() -> list[cel.FunctionDecl]:
    """What mixes ints and doubles, to check an expression. The result is a double, whatever form it has when it runs."""
    return [*_operators(Type.DOUBLE), *_rounded(Type.DOUBLE)]


def functions() -> list[cel.FunctionDecl]:
    """The functions of numbers."""
    found = [
        cel.FunctionDecl("timestamp", [cel.Overload("timestamp_number", Type.TIMESTAMP, [Type.DOUBLE], impl=_timestamp)]),
        *_of_whole_numbers(),
    ]
    known = {"math.isNaN": lambda _: False, "math.isInf": lambda _: False, "math.isFinite": lambda _: True}
    return [*found, *(_of_int(name, Type.BOOL, call) for name, call in known.items())]


def _rounded(result: cel.Type) -> list[cel.FunctionDecl]:
    return [_of_int(f"math.{name}", result, lambda number: number) for name in ("ceil", "floor", "round", "trunc")]


def _of_int(name: str, result: cel.Type, call: Callable[[int], object]) -> cel.FunctionDecl:
    overloads = [cel.Overload(f"{name}_{at}", result, [type_], impl=call) for at, type_ in enumerate((Type.INT, Type.UINT))]
    return cel.FunctionDecl(name, overloads)


def replacements() -> list[cel.FunctionDecl]:
    """What mixes ints and doubles, to run an expression, and the functions that replace operators of the engine."""
    overload = cel.Overload("div_numbers", Type.DOUBLE, [Type.DYN, Type.DYN], impl=divide)
    return [*_operators(Type.DYN), *_rounded(Type.DYN), cel.FunctionDecl(REPLACED["_/_"], [overload])]


def _operators(result: cel.Type) -> list[cel.FunctionDecl]:
    found = []
    calls: dict[str, Callable[[Number, Number], Number]] = {"_*_": operator.mul, "_+_": operator.add, "_-_": operator.sub}
    for name, call in {**calls, "_%_": remainder, "_/_": divide}.items():
        # CEL has a remainder for ints only.
        pairs = [*_MIXED, (Type.DOUBLE, Type.DOUBLE)] if name == "_%_" else _MIXED
        overloads = [
            cel.Overload(f"mixed{name}{at}", result, list(pair), impl=_form_of(call, pair)) for at, pair in enumerate(pairs)
        ]
        found.append(cel.FunctionDecl(name, overloads))
    return found


def _timestamp(seconds: float) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("the time is out of range") from None


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
        of_whole_numbers("math.bitNot", Type.INT, [], 1, lambda number: ~whole(number)),
    ]
    pairs: dict[str, Callable[[Number, Number], int]] = {
        "math.bitAnd": _bits(operator.and_),
        "math.bitOr": _bits(operator.or_),
        "math.bitXor": _bits(operator.xor),
        "math.bitShiftLeft": _shift(operator.lshift),
        "math.bitShiftRight": _shift(operator.rshift),
    }
    return [*found, *(of_whole_numbers(name, Type.INT, [], 2, call) for name, call in pairs.items())]


def of_whole_numbers(
    name: str, result: cel.Type, before: list[cel.Type], count: int, call: Callable[..., object], more: int = 0
) -> cel.FunctionDecl:
    """The overloads of a function that has ints, for each of them that is a double instead."""
    overloads = []
    for numbers in (count, more) if more else (count,):
        for at, types in enumerate(product((*_NUMBERS, Type.UINT), repeat=numbers)):
            if Type.DOUBLE in types:
                parameters = [*before, *types]
                overloads.append(cel.Overload(f"{name}_{numbers}_{at}", result, parameters, is_member=bool(before), impl=call))
    return cel.FunctionDecl(name, overloads)
