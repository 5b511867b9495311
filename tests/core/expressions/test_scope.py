"""Variables of a use: which names are known, and which fields of a map."""

from __future__ import annotations

import pytest

from penstock.core.expressions.engine import Kind
from penstock.core.expressions.expression import compile_expression
from penstock.core.expressions.scope import Scope
from penstock.kit.errors import InvalidInput

SCOPE = Scope({"window": Kind.NUMBERS, "device.name": Kind.TEXT, "device.type": Kind.TEXT})


def test_the_variables_of_the_same_noun_are_named_first() -> None:
    assert SCOPE.known("device.nope") == ["device.name", "device.type"]
    assert SCOPE.known("weather") == ["device.name", "device.type", "window"]


@pytest.mark.parametrize("source", ["window.nope > 1", "window['nope'] > 1", "has(window.nope)", "window.?nope.orValue(1.0) > 1"])
def test_only_known_fields_can_be_named(source: str) -> None:
    narrow = SCOPE.with_keys({"window": {"mean"}})
    compile_expression(source, "x", SCOPE)
    compile_expression(source.replace("nope", "mean"), "x", narrow)
    with pytest.raises(InvalidInput) as refused:
        compile_expression(source, "x", narrow)
    assert "window.nope does not exist; window has window.mean" in refused.value.errors[0].detail


def test_narrowing_shares_the_environment() -> None:
    narrow = SCOPE.with_keys({"window": {"a"}}).with_keys({"window": {"b"}})
    assert narrow.environment is SCOPE.environment
    assert narrow.program_environment is SCOPE.program_environment
