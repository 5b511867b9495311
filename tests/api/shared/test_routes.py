"""An operation is said once: what its signature, docstring and options make of it, and what is refused at import."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.routes import Routes
from penstock.kit.operation import Example, Operation, OperationMisdescribed, operations_of


class Filter(msgspec.Struct):
    """Which pumps."""

    limit: int = 10


class Pump(msgspec.Struct):
    """A pump."""

    name: str


PUMP = {"name": "North"}
routes = Routes("/pumps", surface="v2", tag="Pumps")


def operation_of(endpoints: object) -> Operation:
    (bound,) = operations_of(endpoints)
    return bound.operation


def test_the_signature_says_what_is_read_and_answered_and_the_docstring_what_is_done() -> None:
    class Pumps:
        @routes.post(
            "/{pump_id}", scope="pumps:write", status=201, example=Example(path={"pump_id": "1"}, body=PUMP, answer=PUMP)
        )
        async def create(self, call: Call[Filter, Pump]) -> Pump:
            """Create a pump.

            It starts
            at once.

            And it runs.
            """
            return call.body

    operation = operation_of(Pumps())
    assert (operation.method, operation.path, operation.surface, operation.tag) == ("POST", "/pumps/{pump_id}", "v2", "Pumps")
    assert (operation.query, operation.body, operation.answer) == (Filter, Pump, Pump)
    assert (operation.summary, operation.description) == ("Create a pump", "It starts at once.\n\nAnd it runs.")
    assert (operation.scope, operation.status) == ("pumps:write", 201)


def test_what_carries_an_answer_is_not_the_answer() -> None:
    class Pumps:
        @routes.get("/a", scope=None, example=Example(answer=PUMP))
        async def with_headers(self, call: Call[None, None]) -> Answer[Pump]:
            """One."""
            return Answer()

        @routes.get("/b", scope=None, example=Example(answer="a,b"))
        async def as_file(self, call: Call[None, None]) -> Stream:
            """Two."""
            raise AssertionError

        @routes.get("/c", scope=None, example=Example(answer=[PUMP]))
        async def either(self, call: Call[None, None]) -> Answer[list[Pump]] | Stream:
            """Three."""
            raise AssertionError

        @routes.delete("/d", scope=None)
        async def nothing(self, call: Call[None, None]) -> None:
            """Four."""

    found = [bound.operation for bound in operations_of(Pumps())]
    assert [operation.answer for operation in found] == [Pump, str, list[Pump], None]
    assert [operation.status for operation in found] == [200, 200, 200, 204]


async def _unmarked(self: object, call: Call[Filter, Pump]) -> Pump:
    """Do it."""
    return call.body


@pytest.mark.parametrize(
    ("example", "named"),
    [
        (Example(body={"name": 3}, answer=PUMP), "body"),
        (Example(body=PUMP, answer={"nam": "North"}), "answer"),
        (Example(query={"limit": "many"}, body=PUMP, answer=PUMP), "query"),
        (Example(path={"pump_id": "1"}, body=PUMP, answer=PUMP), "path"),
        (Example(answer=PUMP), "body"),
        (Example(body=PUMP, answer=PUMP | {"nonsense": 1}), "nonsense"),
    ],
)
def test_an_example_that_does_not_fit_the_signature_is_refused(example: Example, named: str) -> None:
    with pytest.raises(OperationMisdescribed, match=named):
        routes.post(scope=None, example=example)(_unmarked)


def test_an_example_of_what_the_operation_does_not_have_is_refused() -> None:
    async def nothing(self: object, call: Call[None, None]) -> None:
        """Do nothing."""

    with pytest.raises(OperationMisdescribed, match="has none"):
        routes.delete(scope=None, example=Example(answer=PUMP))(nothing)


def test_a_handler_without_words_or_types_is_refused() -> None:
    async def silent(self: object, call: Call[None, None]) -> None: ...

    async def untyped(self: object, call: Call) -> None:  # type: ignore[type-arg]
        """Do nothing."""

    for handler in (silent, untyped):
        with pytest.raises(OperationMisdescribed, match="must have"):
            routes.delete(scope=None)(handler)


def test_a_handler_that_states_no_scope_or_no_answer_is_refused() -> None:
    async def vague(self: object, call: Call[None, None]) -> object:
        """Do something."""

    with pytest.raises(OperationMisdescribed, match="scope"):
        routes.delete()(vague)  # type: ignore[call-arg]
    with pytest.raises(OperationMisdescribed, match="must return"):
        routes.delete(scope=None)(vague)
