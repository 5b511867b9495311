"""M2 and I7: the traps × every field of every body × every field of every query: 4xx in the right shape, never 5xx.

How a field is read depends on its type, and how a request is read on its class. In every run all traps are tried on one of each
type or class, and one trap, another each time, on all the others; the whole product is in the long catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import SWITCHING_PROTOCOLS
from importlib import import_module
from typing import Any

import httpx
import pytest

from penstock.kit.operation import Operation
from tests.fuzz.conftest import Victims
from tests.fuzz.field_types import first_of_each_type
from tests.fuzz.query_fields import ONE_OF_EACH_QUERY_FIELD, WITH_QUERY, schema_of
from tests.fuzz.traps import (
    BODIES,
    CURSORS,
    ENCODINGS,
    NUMBERS,
    ODD_VALUES,
    TIMES,
    VALUES,
    doubled,
    fields_of,
    planted,
)
from tests.fuzz.turns import everywhere_later, one_in_turn, turn_of
from tests.security.calls import PROOFS, Answer, Request, body_for, changed, check_error, request_for, send
from tests.security.dialects import KNOWN
from tests.security.matrix import NAMELESS_STATUS
from tests.security.table import admission, name_of, one_of_each, operations, path_parameters, wire_names
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer

MAX_GROWTH_BYTES = 120_000_000
NDJSON = "application/x-ndjson"

WITH_BODY = [operation for operation in operations() if operation.body is not None]
WITH_PATH = [operation for operation in operations() if path_parameters(operation)]
CHEAP_FIRST = sorted(operations(), key=lambda one: one.path in PROOFS)
ONE_OF_EACH_CLASS = {name_of(one) for one in one_of_each(CHEAP_FIRST, admission)}


def is_one_of_its_class(operation: Operation) -> bool:
    return name_of(operation) in ONE_OF_EACH_CLASS


@pytest.fixture(autouse=True, scope="module")
def memory(fuzzed: InProcessServer) -> Iterator[None]:
    """None of this may stay in the memory of the server, which is this process.

    Libraries that are loaded where they are first used stay.
    """
    for library in ("numpy", "pint", "babel.dates", "typst", "lxml.etree"):
        import_module(library)
    before = fuzzed.rss_bytes()
    yield
    assert fuzzed.rss_bytes() - before < MAX_GROWTH_BYTES


def refused(answer: Answer, operation: Operation, what: object) -> None:
    if answer.status == 207:  # a batch: the rows without the trap were stored
        assert json.loads(answer.body)["errors"], (what, answer)
        return
    assert 400 <= answer.status < 500, (what, answer)
    check_error(answer, operation)


def survived(answer: Answer, operation: Operation, what: object) -> None:
    assert answer.status < 500, (what, answer)
    if answer.status >= 400:
        check_error(answer, operation)


@everywhere_later
@for_each(WITH_BODY, name_of)
def test_a_trap_in_any_field_is_refused(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    traps = list(VALUES.items())
    for number, path in enumerate(fields_of(body), turn_of(operation)):
        full = everywhere or (name_of(operation), path) in first_of_each_type()
        for what, text in traps if full else one_in_turn(traps, number):
            answer = send(client, changed(request, body=planted(body, path, text)))
            refused(answer, operation, (path, what))


@everywhere_later
@for_each(WITH_BODY, name_of)
def test_a_trap_beside_the_fields_is_refused(
    operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool
) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    row = body[0] if isinstance(body, list) else body
    traps, full = list(VALUES.items()), everywhere or is_one_of_its_class(operation)
    for what, text in traps if full else one_in_turn(traps, turn_of(operation)):
        row["extra"] = None
        path = (0, "extra") if isinstance(body, list) else ("extra",)
        refused(send(client, changed(request, body=planted(body, path, text))), operation, what)


@for_each(WITH_BODY, name_of)
def test_a_field_that_stands_twice_is_refused(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    for path in fields_of(body):
        if isinstance(path[-1], str):
            answer = send(client, changed(request, body=doubled(body, path)))
            refused(answer, operation, path)
            assert "must not be repeated" in answer.text


@everywhere_later
@for_each(WITH_BODY, name_of)
def test_a_body_that_is_no_json_is_refused(
    operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool
) -> None:
    lasting = victims.lasting(operation)
    request = request_for(operation, lasting)
    assert request.body is not None
    bodies = [*BODIES.items(), ("deep and never closed", lambda _: b'{"a":' * 200_000)]
    bodies = [one for one in bodies if one[0] != "empty" or not operation.body_optional]
    full = everywhere or is_one_of_its_class(operation)
    for what, spoil in bodies if full else one_in_turn(bodies, turn_of(operation)):
        refused(send(client, changed(request, body=spoil(request.body))), operation, what)


@for_each([one for one in WITH_BODY if NDJSON in one.body_types], name_of)
def test_a_trap_in_a_line_is_refused(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    holding = victims.of(operation)
    body = body_for(operation, holding)
    row = body[0] if isinstance(body, list) else body
    request = request_for(operation, holding)
    request = changed(request, headers=request.headers | {"Content-Type": NDJSON})
    good = json.dumps(row).encode()
    for path in fields_of(row):
        for what, text in VALUES.items():
            line = planted(row, path, text)
            refused(send(client, changed(request, body=line)), operation, (path, what))
            both = send(client, changed(request, body=good + b"\r\n\n" + line + b"\n"))
            assert both.status in (207, 400), (path, what, both)
            assert both.json()["rejected"] >= 1 if both.status == 207 else both.json()["errors"]
    for what, spoil in BODIES.items():
        if what not in ("twice", "white space"):
            survived(send(client, changed(request, body=spoil(good))), operation, what)


@everywhere_later
@for_each(WITH_BODY, name_of)
def test_a_value_of_any_type_is_survived(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    holding = victims.of(operation)
    request, body = request_for(operation, holding), body_for(operation, holding)
    for number, path in enumerate(fields_of(body), turn_of(operation)):
        full = everywhere or (name_of(operation), path) in first_of_each_type()
        for value in ODD_VALUES if full else fitting(value_at(body, path))[number % 3 :: 3]:
            answer = send(client, changed(request, body=planted(body, path, json.dumps(value).encode())))
            survived(answer, operation, (path, value))
        original = value_at(body, path)
        if isinstance(original, str):
            answer = send(client, changed(request, body=planted(body, path, json.dumps(original + "\n").encode())))
            survived(answer, operation, (path, "line break behind it"))


def fitting(example: Any) -> list[Any]:
    """The odd values that get past the type of such a field, to whatever makes use of it."""
    if isinstance(example, str):
        return [value for value in ODD_VALUES if isinstance(value, str)]
    if isinstance(example, int | float):
        return [value for value in ODD_VALUES if isinstance(value, int | float)]
    return ODD_VALUES


def value_at(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        body = body[part]
    return body


FOR_NOBODY = ("id", "org_id", "organization_id", "scopes", "created_at", "access_token_prefix", "__class__", "constructor")


@everywhere_later
@for_each(WITH_BODY, name_of)
def test_fields_that_nobody_may_set_are_refused(
    operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool
) -> None:
    """T2. The vendor's device call takes no notice of what it does not know, as the vendor's does."""
    strict = operation.surface == "v2" and bool(wire_names(operation.body))  # a hook takes what others send
    holding = victims.lasting(operation) if strict else victims.of(operation)
    request, body = request_for(operation, holding), body_for(operation, holding)
    row = body[0] if isinstance(body, list) else body
    names = [name for name in FOR_NOBODY if name not in wire_names(operation.body)]
    full = everywhere or is_one_of_its_class(operation)
    for name in names if full else one_in_turn(names, turn_of(operation)):
        answer = send(client, changed(request, body=json.dumps(_with_extra(body, row, name)).encode()))
        if strict:
            assert answer.status in (207, 400), (name, answer)
            assert "is not a known field" in answer.text
        survived(answer, operation, name)


def _with_extra(body: Any, row: dict[str, Any], name: str) -> Any:
    changed_row = row | {name: holding_like(name)}
    return [changed_row, *body[1:]] if isinstance(body, list) else changed_row


def holding_like(name: str) -> object:
    return ["org:admin"] if name == "scopes" else "org_0c2k9fq7w3a0d"


MESSAGES = {"GET /api/v2/inbox/messages", "GET /v1/sms"}
"""Their `from` and `to` are addresses, not times: any text can be a sender's name, and one that nobody has matches nothing."""


def traps_for(name: str, schema: dict[str, Any], *, of_messages: bool) -> dict[str, str]:
    """The query texts that a field of this kind must refuse."""
    kinds = {part.get("type") for part in schema.get("anyOf", [schema])}
    words = [word for part in schema.get("anyOf", [schema]) for word in part.get("enum", [])]
    traps = dict(ENCODINGS)
    if "integer" in kinds:
        traps |= NUMBERS
    elif (name in ("from", "to") and not of_messages) or name.startswith("DateSent"):
        traps |= TIMES
    elif name in ("cursor", "PageToken"):
        traps |= CURSORS
    elif "boolean" in kinds or "enum" in schema or words:
        traps |= {"words": "neither", "number": "2", "line break": f"{(words or ['true'])[0] or 'true'}%0A"}
    return traps


@everywhere_later
@for_each(WITH_QUERY, name_of)
def test_a_trap_in_a_query_is_refused(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    lasting = victims.lasting(operation)
    assert operation.query is not None
    request = request_for(operation, lasting)
    known = KNOWN.get(operation.surface)
    accepted = known.lenient if known else frozenset()
    for number, (name, schema) in enumerate(schema_of(operation.query).items(), turn_of(operation)):
        traps = list(traps_for(name, schema, of_messages=name_of(operation) in MESSAGES).items())
        full = everywhere or (name_of(operation), name) in ONE_OF_EACH_QUERY_FIELD
        for what, text in traps if full else one_in_turn(traps, number):
            if what not in accepted:
                refused(asked(client, request, name, text), operation, (name, what))


@everywhere_later
@for_each(WITH_QUERY, name_of)
def test_a_text_of_any_sort_in_a_query_is_survived(
    operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool
) -> None:
    holding = victims.of(operation)
    assert operation.query is not None
    request = request_for(operation, holding)
    pool = {**NUMBERS, **TIMES, **CURSORS, **ENCODINGS}
    pool |= {
        "example": "active%0A",
        "quote": "%27%22",
        "percent": "%25%25%5C_",
        "list": ",",
        "commas": "a,,b",
        "long": "x" * 6000,
    }
    for number, (name, schema) in enumerate(schema_of(operation.query).items(), turn_of(operation)):
        words = [word for part in schema.get("anyOf", [schema]) for word in part.get("enum", [])]
        pattern = [text.strip("^$()").split("|")[0] for part in schema.get("anyOf", [schema]) if (text := part.get("pattern"))]
        texts = [*pool.values(), *(f"{word}%0A" for word in [*words, *pattern])]
        if not everywhere:
            unlike_others = (name_of(operation), name) in ONE_OF_EACH_QUERY_FIELD
            texts = texts[number % 3 :: 3] if unlike_others else one_in_turn(texts, number)
        for text in texts:
            survived(asked(client, request, name, text), operation, (name, text))


@everywhere_later
@for_each(WITH_QUERY, name_of)
def test_a_query_that_is_none_is_refused(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    holding = victims.of(operation)
    request = request_for(operation, holding)
    many = "&".join(f"a{number}=1" for number in range(100))
    bad = ["limit=1&limit=2", "%00=1", "%ED%A0%80=1", many]
    odd = ["=", "&&&", "%", "%zz", "a", "?", "limit", "+", ";", "limit[]=1", "%E2%80%AEx=1"]
    full, number = everywhere or is_one_of_its_class(operation), turn_of(operation)
    for query in bad if full else one_in_turn(bad, number):
        refused(send(client, changed(request, path=f"{request.path}?{query}", query={})), operation, query)
    for query in odd if full else one_in_turn(odd, number):
        survived(send(client, changed(request, path=f"{request.path}?{query}", query={})), operation, query)
    if operation.surface == "v2":
        answer = send(client, changed(request, query=request.query | {"no_such_field": "1"}))
        refused(answer, operation, "unknown field")
        assert "no_such_field" in answer.text


def asked(client: httpx.Client, request: Request, name: str, text: str) -> Answer:
    """The answer with this percent-encoded text in one field of the query."""
    others = "".join(f"&{key}={value}" for key, value in request.query.items() if key != name)
    return send(client, changed(request, path=f"{request.path}?{name}={text}{others}", query={}))


PATH_TEXTS = [
    *ENCODINGS.values(),
    "%2e%2e%2f%2e%2e%2fetc",
    "%20",
    "%0A",
    "%0d%0aX-A:b",
    "a" * 2000,
    "%25",
    "*",
    "%F0%9F%98%80",
]
PATH_TEXTS += [
    "dev_" + "0" * 5000,
    "%D9%A1",
    "null",
    "{}",
    "dev_%30%30%30%30%30%30%30%30%30%30%30%30%30",
    "dev_7zzzzzzzzzzzz",
    "eui",
    ";a=b",
]


SIGNED, UNSIGNED = "/sms/twilio/", 403
"""Calls that prove themselves by a signature. Whether there is such an account is not told to those without one: an unknown
account is answered as a wrong signature is."""

PARAMETERS = [(operation, name) for operation in CHEAP_FIRST for name in path_parameters(operation)]
ONE_OF_EACH_PARAMETER = {
    (name_of(operation), name) for operation, name in one_of_each(PARAMETERS, lambda one: (one[0].surface, one[1]))
}


@everywhere_later
@for_each(WITH_PATH, name_of)
def test_a_path_of_any_sort_is_not_found(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    lasting = victims.lasting(operation)
    for number, name in enumerate(path_parameters(operation), turn_of(operation)):
        full = everywhere or (name_of(operation), name) in ONE_OF_EACH_PARAMETER
        mark = "here"
        path = request_for(operation, lasting, **{name: mark}).path
        assert mark in path
        for text in PATH_TEXTS if full else one_in_turn(PATH_TEXTS, number):
            answer = send(client, changed(request_for(operation, lasting), path=path.replace(mark, text)))
            nameless = UNSIGNED if operation.path.startswith(SIGNED) else NAMELESS_STATUS.get(name, 404)
            assert answer.status in (400, 404, 405, nameless), (name, text[:80], answer)
            check_error(answer, operation)


HEADERS = {
    "X-API-Key": ["\xff", "a" * 8000, "psk_", "\xed\xa0\x80", ","],
    "Authorization": ["Bearer", "Bearer \xff", "Basic Og==", "Bearer " + "a" * 8000, "\xe9", "Digest username=x"],
    "X-Organization-Id": ["\xff", "org_", "", "org_" + "0" * 13, "a" * 8000, "\xd9\xa1"],
    "Content-Type": [
        "",
        "text/html",
        "application/json; charset=utf-16",
        "\xff",
        "multipart/form-data",
        "application/",
        "a" * 500,
    ],
    "Content-Encoding": ["gzip", "deflate", "br", "identity, gzip", "x", "\xff"],
    "Idempotency-Key": ["", "a" * 256, "\xff\xfe", "a" * 5000, "a\tb", "{}", "'"],
    "Last-Event-ID": ["", "-1", "\xd9\xa1", "9" * 19, "9" * 5000, "1e3", "nan", "0x1", "1 2"],
    "Accept": ["", "text/html", "\xff", "*/*;q=nan"],
    "Accept-Encoding": ["gzip;q=1e400", "\xff"],
    "Range": ["bytes=0-1", "bytes=99999999999999999999-"],
    "If-None-Match": ["*", "\xff"],
    "Cookie": ["a=b; \xff", "a" * 5000],
    "Origin": ["null", "http://[", "http://[::1", "\xff", "http://\xe2\x84\x80"],
    "X-Forwarded-For": ["\xff", "::1, 127.0.0.1"],
    "Expect": ["100-continue", "\xff"],
    "TE": ["trailers, deflate;q=nan"],
}


# Headers are read by the way an operation is carried out, of which there are fewer than operations.
WAYS = one_of_each(CHEAP_FIRST, lambda one: (one.surface, one.body is None, one.query is None, one.status, one.media_type))
ONE_OF_EACH_WAY = set(
    map(name_of, one_of_each(WAYS, lambda one: (one.surface, one.body is None, one.status == SWITCHING_PROTOCOLS)))
)
ONE_OF_EACH_WAY |= {name_of(one) for one in WAYS if one.media_type == "text/event-stream"}


@everywhere_later
@for_each(WAYS, name_of)
def test_a_header_of_any_sort_is_survived(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    holding = victims.of(operation)
    request = request_for(operation, holding)
    full = everywhere or name_of(operation) in ONE_OF_EACH_WAY
    for number, (name, texts) in enumerate(HEADERS.items(), turn_of(operation)):
        for text in texts if full else one_in_turn(texts, number):
            headers = {key: value for key, value in request.headers.items() if key.lower() != name.lower()}
            survived(send(client, changed(request, headers=headers | {name: text})), operation, (name, text[:40]))
