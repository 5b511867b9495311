"""Answers and errors as texts: whole, or cut with a note; never secrets."""

from __future__ import annotations

import json

import msgspec
import pytest

from penstock.api.mcp.answers import WITHHELD, cut, error_text, text_of, text_of_error
from penstock.api.mcp.errors import ArgumentInvalid
from penstock.api.shared.in_process import ApiAnswer


def answer(value: object, status: int = 200, *headers: tuple[bytes, bytes]) -> ApiAnswer:
    body = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return ApiAnswer(status=status, headers=list(headers), body=body)


def test_an_answer_is_its_json() -> None:
    assert text_of(answer({"a": ["ä"]})) == '{"a":["ä"]}'
    assert text_of(answer(b"", 204)) == "Done."
    assert text_of(answer(b"<html>")) == "<html>"


def test_secrets_are_withheld_at_any_depth() -> None:
    text = text_of(answer({"rows": [{"token": "tok_1", "n": 1}, {"token": None}]}), {"token"})
    assert json.loads(text) == {"rows": [{"token": WITHHELD, "n": 1}, {"token": None}]}


def test_a_long_list_is_shortened_and_loses_its_cursor() -> None:
    rows = [{"id": number, "text": "x" * 90} for number in range(100)]
    found = json.loads(text_of(answer({"data": rows, "next_cursor": "c"}), most=2000))
    assert found["data"] == rows[: len(found["data"])]
    assert 10 < len(found["data"]) < 20
    assert "next_cursor" not in found
    assert f"the first {len(found['data'])} of 100 items of data" in found["note"]
    assert f"limit={len(found['data'])}" in found["note"]
    found = json.loads(text_of(answer({"series": rows, "unit": "K"}), most=2000))
    assert (found["unit"], "by filters" in found["note"]) == ("K", True)


@pytest.mark.parametrize("value", [{"a": "x" * 5000}, {"data": ["x" * 5000]}, ["x" * 5000], "x" * 5000])
def test_what_cannot_be_shortened_is_cut(value: object) -> None:
    text = text_of(answer(value), most=1000)
    assert len(text) < 1200
    assert "(cut: the answer has 5,0" in text


def test_what_is_short_is_not_cut() -> None:
    assert cut("abc", 3) == "abc"


def test_an_error_says_what_where_and_when() -> None:
    problem = {
        "title": "Bad Request",
        "code": "request.invalid",
        "detail": "two fields",
        "request_id": "req_1",
        "errors": [{"field": "limit", "code": "invalid", "detail": "must be a number"}],
    }
    text = error_text(answer(problem, 400, (b"Retry-After", b"7")))
    assert text.splitlines() == [
        "400 Bad Request, request.invalid: two fields",
        "- limit: must be a number (invalid)",
        "retry after 7 s",
        "request id: req_1",
    ]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"\xff"])
def test_an_error_of_a_proxy(body: bytes) -> None:
    assert error_text(answer(body, 502)) == "502 Bad Gateway: the response is not one of Penstock"
    assert error_text(answer(body, 599)).startswith("599: ")


def test_an_error_of_arguments() -> None:
    assert text_of_error(ArgumentInvalid(reason="x has no y")) == "400 Bad Request, mcp.argument_invalid: x has no y"
