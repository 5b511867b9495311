"""Errors: a code belongs to one class, and a raise gives every fact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from penstock.kit.errors import REGISTRY, FieldError, InternalError, InvalidInput, Kind, PenstockError


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Classes made here are forgotten again."""
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


def gateway_missing() -> type[PenstockError]:
    class GatewayMissing(PenstockError):
        kind, code = Kind.NOT_FOUND, "gateways.missing"
        message = "gateway {gateway_id} is not among {count:d} gateways"

    return GatewayMissing


def test_facts_fill_the_message() -> None:
    error = gateway_missing()(gateway_id="gw_1", count=3)
    assert error.detail == str(error) == "gateway gw_1 is not among 3 gateways"
    assert error.facts == {"gateway_id": "gw_1", "count": 3}
    assert error.errors == []
    assert REGISTRY["gateways.missing"] is type(error)


@pytest.mark.parametrize("facts", [{}, {"gateway_id": "gw_1"}, {"count": 1}, {"gateway": "gw_1", "count": 1}])
def test_a_missing_fact_fails_at_the_raise(facts: dict[str, object]) -> None:
    error = gateway_missing()
    with pytest.raises(TypeError, match=r"GatewayMissing needs (count|gateway_id)"):
        error(**facts)


def test_a_code_used_twice_fails_where_the_class_is_made() -> None:
    gateway_missing()
    with pytest.raises(TypeError, match=r"'gateways\.missing' is used twice"):
        gateway_missing()


def test_a_subclass_without_a_code_is_the_same_error() -> None:
    base = gateway_missing()

    class Special(base):  # type: ignore[misc, valid-type]
        pass

    assert REGISTRY["gateways.missing"] is base
    with pytest.raises(TypeError, match="needs"):
        Special()


@pytest.mark.parametrize("fact", ["{0}", "{self}", "{gateway_id!r:>9999999}", "%s", "{", "}", "\ud800", "\0"])
def test_a_fact_is_never_a_template(fact: str) -> None:
    assert fact in gateway_missing()(gateway_id=fact, count=1).detail


def test_every_error_can_be_made_from_its_facts() -> None:
    for code, error in REGISTRY.items():
        facts = dict.fromkeys(error._needs, 1)
        assert error(**facts).detail
        assert code == error.code
        assert isinstance(error.kind, Kind)


def test_an_error_of_one_field_names_it() -> None:
    error = InvalidInput.field("location.latitude", "must be a number", "type")
    assert error.detail == "location.latitude: must be a number"
    assert [one.as_dict() for one in error.errors] == [
        {"field": "location.latitude", "code": "type", "detail": "must be a number"}
    ]
    assert InvalidInput.field("", "is no JSON").detail == "is no JSON"
    assert repr(error.errors[0]) == "FieldError('location.latitude', 'must be a number')"


def test_lists_of_errors_are_not_shared() -> None:
    first = InvalidInput(reason="a")
    first.errors.append(FieldError("a", "b"))
    assert InvalidInput(reason="a").errors == []


def test_a_bug_says_nothing_of_itself() -> None:
    assert "request id" in InternalError().detail
