"""The public conformance tests of CEL, run as a user's expression is: the same values and errors, but for an argued list."""

from __future__ import annotations

import base64
import functools
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from penstock.core.expressions.engine import TO_CHECK, TO_RUN, cel
from penstock.core.expressions.expression import Result, compile_expression
from penstock.core.expressions.scope import Scope
from penstock.kit.errors import InvalidInput

CASES = [json.loads(line) for line in (Path(__file__).parent / "simple.jsonl").read_text().splitlines()]
TYPES = {
    **{
        name: getattr(cel.Type, name.upper())
        for name in ("bool", "int", "uint", "double", "string", "bytes", "dyn", "null", "type")
    },
    "timestamp": cel.Type.TIMESTAMP,
    "duration": cel.Type.DURATION,
}
MESSAGES = re.compile(r"TestAllTypes|google\.protobuf|GlobalEnum|NestedEnum|NestedTestAllTypes|proto\.\w+Ext")
FILES_OF_MESSAGES = {"proto2", "proto2_ext", "proto3", "enums", "wrappers", "dynamic"}
LIBRARIES = {
    "network_ext": "addresses of networks are no type of readings; cel-cpp's Python package does not have them",
    "macros2": "loops over two variables; cel-cpp's Python package does not have them",
    "block_ext": "written by optimisers, not by people",
}
"""Libraries beyond the language that are not offered."""
KEYWORDS = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
]
OPTIONALS = ("optional_none", "optional_none_2", "optional_dyn_promotion", "optional_dyn_promotion_2", "optional_in_ternary")
EXCLUDED: dict[str, set[str]] = {
    "numbers of JSON are one type: the functions of doubles take an integer": {
        *(f"math_ext/{name}/dyn_error" for name in ("ceil", "floor", "round", "trunc")),
    },
    "an optional value is no result: nothing that is saved here can use it without orValue()": {
        *(f"type_deduction/flexible_type_parameter_assignment/{name}" for name in OPTIONALS),
        "type_deduction/legacy_nullable_types/null_assignable_to_abstract_parameter_candidate",
    },
    "a part that fails whatever is sent is rejected when it is saved": {
        "type_deduction/flexible_type_parameter_assignment/unconstrained_type_var_as_dyn",
    },
    "numbers of JSON are one type: a division is that of doubles, and doubles have a remainder": {
        "fp_math/fp_math/mod_not_support",
        "integer_math/int64_math/divide_positive_positive",
        "integer_math/int64_math/divide_positive_negative",
        "integer_math/int64_math/divide_negative_negative",
        "integer_math/int64_math/int64_min_negate_div",
        "integer_math/uint64_math/divide",
        "parse/repeat/mul_div",
    },
    "a division by zero is an error that is counted, not an infinite value that makes a condition true without anyone noticing": {
        "comparisons/eq_literal/not_eq_double_nan",
        "comparisons/eq_literal/not_eq_int_double_nan",
        "comparisons/eq_literal/not_eq_uint_double_nan",
        "comparisons/ne_literal/not_ne_double_nan",
        "comparisons/ne_literal/not_ne_int_double_nan",
        "comparisons/ne_literal/not_ne_uint_double_nan",
        "comparisons/ne_literal/ne_double_nan",
        "fp_math/fp_math/divide_zero",
        "math_ext/round/nan",
        "math_ext/trunc/nan",
        "math_ext/isNaN/true",
        "math_ext/isNaN/false",
        "math_ext/isInf/true",
        "math_ext/isInf/false",
        "math_ext/isFinite/false_nan",
        "math_ext/isFinite/false_inf",
    },
    "the specification runs these unchecked; here an expression is checked first, which rejects it": {
        "basic/variables/unbound_is_runtime_error",
        "basic/functions/unbound_is_runtime_error",
        "comparisons/eq_literal/not_eq_list_length",
        "logic/conditional/mixed_type",
        "logic/AND/short_circuit_type_left",
        "logic/AND/short_circuit_type_right",
        "logic/OR/short_circuit_type_left",
        "logic/OR/short_circuit_type_right",
        *(f"parse/receiver_function_names/{name}" for name in KEYWORDS),
    },
    "the engine keeps the first of two keys of a literal map that are equal numbers of different types": {
        "fields/qualified_identifier_resolution/map_value_repeat_key_heterogeneous",
    },
}
"""`file/section/name` of what has another result here, by the reason."""
MOST_EXCLUDED = 0.05


class SpecScope(Scope):
    """The variables of a case, of any type, in its container."""

    def __init__(self, types: Mapping[str, Any], container: str) -> None:
        super().__init__(dict.fromkeys(types))  # type: ignore[arg-type]  # only the names are used
        self.environment = cel.NewEnv(variables=dict(types), container=container, extensions=TO_CHECK)
        self.program_environment = cel.NewEnv(variables=dict(types), container=container, extensions=TO_RUN)
        self.program_environment.compile("true")


def reason_not_applicable(case: dict[str, Any]) -> str:
    if case["file"] in LIBRARIES:
        return "library"
    if case["file"] in FILES_OF_MESSAGES or MESSAGES.search(json.dumps(case)) or '"object"' in json.dumps(case):
        return "messages"
    if case.get("functions") or case.get("unknown") or case.get("no_macros"):
        return "host"
    return ""


def key_of(case: dict[str, Any]) -> str:
    return f"{case['file']}/{case['section']}/{case['name']}"


def type_of(text: str) -> Any:
    if text in TYPES:
        return TYPES[text]
    outer, _, inner = text.rstrip(">").partition("<")
    if outer == "list":
        return cel.Type.List(type_of(inner + ">" * inner.count("<")))
    if outer == "map":
        key, _, value = inner.partition(",")
        return cel.Type.Map(type_of(key), type_of(value + ">" * value.count("<")))
    return cel.Type.DYN


def plain(value: dict[str, Any]) -> Any:
    (kind, inner) = next(iter(value.items()))
    match kind:
        case "null":
            return None
        case "list":
            return [plain(one) for one in inner]
        case "map":
            return {plain(key): plain(entry) for key, entry in inner}
        case "bytes":
            return base64.b64decode(inner)
        case "double":
            return float(inner)
        case "timestamp":
            return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", inner))
        case "duration":
            return timedelta(seconds=float(inner.rstrip("s")))
        case _:
            return inner


def same(found: Any, wanted: dict[str, Any]) -> bool:
    kind = next(iter(wanted))
    expected = plain(wanted)
    if kind == "type":
        return str(found).lower().partition("<")[0] in _NAMES.get(expected, {expected})
    if kind == "double":
        return isinstance(found, float) and (found == expected or (math.isnan(found) and math.isnan(expected)))
    if kind in ("int", "uint"):
        return type(found) is int and found == expected
    if kind == "bool":
        return found is expected
    return bool(found == expected)


_NAMES = {"null_type": {"null"}, "google.protobuf.Timestamp": {"timestamp"}, "google.protobuf.Duration": {"duration"}}


@functools.cache
def scope_of(types: frozenset[tuple[str, str]], container: str) -> SpecScope:
    """The scope of all cases with these variables; most have none, and to make one takes longer than to run a case."""
    return SpecScope({name: type_of(text) for name, text in types}, container)


def result_of(case: dict[str, Any]) -> Result | InvalidInput:
    bindings = {name: plain(value) for name, value in case.get("bindings", {}).items()}
    types = dict.fromkeys(bindings, "dyn") | case.get("types", {})
    scope = scope_of(frozenset(types.items()), case.get("container", ""))
    try:
        compiled = compile_expression(case["expr"], "expression", scope)
    except InvalidInput as error:
        return error
    return compiled.evaluate_parts(_nested(bindings, {one.name for one in compiled.used}))


def _nested(bindings: Mapping[str, Any], used: set[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name, value in bindings.items():
        if name in used:
            *path, last = name.split(".")
            inner = parts
            for step in path:
                inner = inner.setdefault(step, {})
            inner[last] = value
    return parts


def holds(case: dict[str, Any]) -> tuple[bool, object]:
    found = result_of(case)
    if isinstance(found, InvalidInput):
        return bool(case.get("error")), found
    if case.get("check_only"):
        return True, found
    if case.get("error"):
        return not found.ok, found
    if not found.ok:
        return False, found
    return case.get("any", False) or same(found.value, case["value"]), found


def test_the_language_is_that_of_the_specification() -> None:
    counts: Counter[str] = Counter()
    wrong, mended = [], []
    excluded_keys = set().union(*EXCLUDED.values())
    for case in CASES:
        reason = reason_not_applicable(case)
        if reason:
            counts[reason] += 1
            continue
        ok, found = holds(case)
        excluded = key_of(case) in excluded_keys
        counts["applicable"] += 1
        if not ok and not excluded:
            wrong.append((key_of(case), case["expr"], case.get("value", "error"), found))
        if ok and excluded:
            mended.append(key_of(case))
    assert wrong == []
    assert mended == [], "remove these from the list"
    assert counts["applicable"] > 1_000
    assert len(excluded_keys) <= MOST_EXCLUDED * counts["applicable"], counts
