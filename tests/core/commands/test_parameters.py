"""Parameters: what a definition may say of them, and what an execution may bring."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.commands.models import Parameter, ParameterType
from penstock.core.commands.parameters import check_parameters, fit_parameters
from penstock.kit.errors import InvalidInput

INTERVAL = Parameter(name="seconds", type=ParameterType.INTEGER, required=True, minimum=1, maximum=86_400)
MODE = Parameter(name="mode", type=ParameterType.ENUM, values=("eco", "fast"), default="eco")
LEVEL = Parameter(name="level", type=ParameterType.NUMBER, minimum=-1.5, maximum=1.5)
LABEL = Parameter(name="label", type=ParameterType.STRING, min_length=2, max_length=4)
FORCE = Parameter(name="force", type=ParameterType.BOOLEAN, default=False)
CONFIG = Parameter(name="config", type=ParameterType.OBJECT)
ALL = (INTERVAL, MODE, LEVEL, LABEL, FORCE, CONFIG)


def test_values_that_fit_are_kept_and_defaults_fill_in() -> None:
    assert fit_parameters(ALL, {"seconds": 30}) == {"seconds": 30, "mode": "eco", "force": False}
    sent = {"config": {"a": [1]}, "force": True, "label": "é€", "level": 1, "mode": "fast", "seconds": 86_400}
    assert fit_parameters(ALL, sent) == sent
    assert list(fit_parameters(ALL, sent)) == [one.name for one in ALL], "in the definition's order"


def test_null_is_like_left_out() -> None:
    assert fit_parameters(ALL, {"seconds": 1, "mode": None, "label": None}) == {"seconds": 1, "mode": "eco", "force": False}


def test_a_whole_number_may_be_written_as_a_fraction() -> None:
    assert repr(fit_parameters((INTERVAL,), {"seconds": 2.0})) == "{'seconds': 2}"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({}, "parameters.seconds", "is required"),
        ({"seconds": None}, "parameters.seconds", "is required"),
        ({"seconds": 0}, "parameters.seconds", "must be at least 1"),
        ({"seconds": 86_401}, "parameters.seconds", "must be at most 86400"),
        ({"seconds": 1.5}, "parameters.seconds", "must be a whole number"),
        ({"seconds": True}, "parameters.seconds", "must be a whole number"),
        ({"seconds": 1e300}, "parameters.seconds", "must be a whole number of at most 64 bits"),
        ({"seconds": "1"}, "parameters.seconds", "must be a whole number"),
        ({"seconds": 1, "mode": "slow"}, "parameters.mode", "must be one of eco, fast"),
        ({"seconds": 1, "mode": ["eco"]}, "parameters.mode", "must be one of eco, fast"),
        ({"seconds": 1, "level": 1.51}, "parameters.level", "must be at most 1.5"),
        ({"seconds": 1, "level": False}, "parameters.level", "must be a number"),
        ({"seconds": 1, "label": "x"}, "parameters.label", "must have at least 2 characters"),
        ({"seconds": 1, "label": "12345"}, "parameters.label", "must have at most 4 characters"),
        ({"seconds": 1, "label": 12}, "parameters.label", "must be a string"),
        ({"seconds": 1, "force": 1}, "parameters.force", "must be a boolean"),
        ({"seconds": 1, "config": []}, "parameters.config", "must be an object"),
        ({"seconds": 1, "speed": 1}, "parameters.speed", "is not a parameter of this command"),
    ],
)
def test_what_does_not_fit_is_named(values: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        fit_parameters(ALL, values)
    assert [(error.field, error.detail) for error in caught.value.errors] == [(field, reason)]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        fit_parameters(ALL, {"mode": 1, "force": "yes", "other": 1})
    assert {error.field.removeprefix("parameters.") for error in caught.value.errors} == {"seconds", "mode", "force", "other"}


def parameter(kind: str, **about: Any) -> Parameter:
    return Parameter(name="p", type=ParameterType(kind), **about)


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ((parameter("string"), parameter("string")), "parameters[1].name"),
        ((parameter("string", minimum=1),), "parameters[0].minimum"),
        ((parameter("boolean", values=("a",)),), "parameters[0].values"),
        ((parameter("number", max_length=1),), "parameters[0].max_length"),
        ((parameter("enum"),), "parameters[0].values"),
        ((parameter("enum", values=("a", "a")),), "parameters[0].values"),
        ((parameter("integer", minimum=2, maximum=1),), "parameters[0].minimum"),
        ((parameter("string", min_length=2, max_length=1),), "parameters[0].min_length"),
        ((parameter("integer", maximum=1, default=2),), "parameters[0].default"),
        ((parameter("enum", values=("a",), default="b"),), "parameters[0].default"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(parameters: tuple[Parameter, ...], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_parameters(parameters)
    assert caught.value.errors[0].field == field


def test_a_definition_that_makes_sense_is_taken() -> None:
    check_parameters(ALL)
