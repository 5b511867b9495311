"""One sentence for each error: the fields first, and nothing about errors inside Penstock.

And on every surface: a body in which everything is wrong is told so field by field, in words for its sender.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.api.shared.error_text import MAX_NAMED, fields_of, sentence_of
from penstock.kit.errors import FieldError, InternalError, InvalidInput, Unavailable
from penstock.kit.field_errors import invalid_fields
from penstock.kit.operation import Operation
from tests.security.calls import changed, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer

PROGRAM_WORDS = re.compile(
    r"Expected|Traceback|NoneType|msgspec|Python|\bNone\b|\bTrue\b|\bFalse\b|\b(?:str|dict|bool)\b|`|Error\(|truncated|Exception"
)
WITH_BODY = [one for one in operations() if one.body is not None and isinstance(one.example.body, dict) and one.example.body]
ANYTHING = {"data", "lists", "result", "settings", "time", "values", "variables"}
"""Fields that accept what is sent here, or whose form depends on another one."""
OTHERWISE = {
    "POST /api/v1/ingest/water-consumption": "the vendor has one answer to an EUI that is none",
    "POST /api/v2/hooks/{hook_id}": "any object",
    "POST /api/v2/ingest/{connection_id}": "any object",
}


def wrong(value: Any) -> Any:
    """A value of the same shape in which everything has another type."""
    if isinstance(value, dict):
        return {key: wrong(one) for key, one in value.items()}
    if isinstance(value, list):
        return [wrong(one) for one in value]
    return 77 if isinstance(value, str) else {"z": 1} if value is None else "nope!"


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def held(front: httpx.Client, in_process: InProcessServer) -> Holding:
    return make_holding(front, in_process.orgs["Acme"], "wrong")


@for_each(WITH_BODY, name_of)
def test_everything_that_is_wrong_is_told(operation: Operation, front: httpx.Client, held: Holding) -> None:
    body: dict[str, Any] = wrong(operation.example.body)
    request = changed(request_for(operation, held), body=json.dumps(body).encode())
    answer = send(front, request)
    text = answer.body.decode()
    assert PROGRAM_WORDS.search(text) is None
    if name_of(operation) not in OTHERWISE:
        assert answer.status == 400, answer
        assert [field for field in body if field not in ANYTHING and field not in text] == []


@pytest.mark.parametrize(
    "text", ['{"a": 1e400}', '{"a": "\\ud800"}', '{"a": NaN}', '{"a": 1', '"\\u12', "\x00", '{"a": 1, "a": 1}']
)
def test_so_is_what_is_not_json(front: httpx.Client, held: Holding, text: str) -> None:
    for operation in WITH_BODY:
        answer = send(front, changed(request_for(operation, held), body=text.encode()))
        assert 400 <= answer.status < 500, answer
        assert PROGRAM_WORDS.search(answer.body.decode()) is None, name_of(operation)


def test_an_invalid_field_is_named() -> None:
    assert sentence_of(InvalidInput.field("limit", "Must be a number")) == "Invalid limit: must be a number"


def test_every_invalid_field_is_named() -> None:
    error = invalid_fields([FieldError("a", "Is required"), FieldError("", "too much"), FieldError("b", "must be an id")])
    assert sentence_of(error) == "Invalid a: is required; too much; b: must be an id"
    many = invalid_fields([FieldError(str(number), "no") for number in range(MAX_NAMED + 3)])
    assert fields_of(many).endswith(f"; {MAX_NAMED - 1}: no; and 3 more")
    assert fields_of(Unavailable(reason="the disk is full")) == "the disk is full"


def test_other_errors_are_their_own_sentence() -> None:
    error = Unavailable(reason="the disk is full")
    text = sentence_of(error)
    assert text[0].isupper()
    assert text.lower() == error.detail.lower()


def test_an_error_inside_says_nothing() -> None:
    assert sentence_of(InternalError()) == "Server error"
