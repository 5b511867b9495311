"""Every field of every body and query, wrong in each way a type can be wrong: the error says so in words for the caller.

A field of a query that another one is like, by its name and what it may be, is wrong in one way in every run, another each time.

Nothing here lists operations or fields: they are read from the types, so that a new one joins by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import httpx
import msgspec

from penstock.kit.field_errors import members_of, plain_type
from penstock.kit.operation import Operation
from tests.fuzz.conftest import Victims
from tests.fuzz.query_fields import ONE_OF_EACH_QUERY_FIELD, WITH_QUERY
from tests.fuzz.turns import everywhere_later, one_in_turn, turn_of
from tests.security.calls import Answer, body_for, changed, request_for, send
from tests.security.table import name_of, operations, path_parameters, wire_names
from tests.support.cases import for_each

OF_A_PROGRAM = re.compile(
    r"`|Expected |\bgot\b|NoneType|Traceback|\$[.\[]|\b(?:dict|str|int|bool|msgspec|struct)\b|has no attribute|unhashable"
    r"|invalid literal"
    r"|codec can't|Object (?:missing|contains)|Invalid (?:enum )?value [\'\d]|regex|<class|\[\.\.\.\]|' object|\\x|__"
)
"""Words of Python and its libraries, which a caller of an API need not know."""
NIL_ID = re.compile(r"\b[a-z]{3,5}_0{13}\b")
"""An id that nobody sent: the number 0."""
WITH_BODY = [one for one in operations() if one.body is not None]
Path = tuple[str | int, ...]
LOW = -(2**62)
MISSING = object()


def structs_in(wanted: Any, value: Any, path: Path = ()) -> Iterator[tuple[Path, type[msgspec.Struct]]]:
    """The structs of an example, and where in it they are."""
    for member in members_of(wanted):
        plain = plain_type(member)
        origin = get_origin(plain) or plain
        if isinstance(value, list) and origin is list:
            for number, item in enumerate(value[:1]):
                yield from structs_in(get_args(plain)[0], item, (*path, number))
        elif isinstance(value, dict) and isinstance(origin, type) and issubclass(origin, msgspec.Struct):
            config = origin.__struct_config__
            if config.tag_field is None or value.get(config.tag_field) == config.tag:
                yield path, plain
                for field in msgspec.structs.fields(plain):
                    yield from structs_in(field.type, value.get(field.encode_name), (*path, field.encode_name))


def wrong_values(wanted: Any) -> Iterator[Any]:
    """Values that a field of this type does not take: of other types, too long, too large, not one of its words."""
    plain = [plain_type(member) for member in members_of(wanted)]
    origins = [get_origin(one) or one for one in plain]
    if object in plain or Any in plain or msgspec.Raw in plain:
        return
    if type(None) not in plain:
        yield None
    yield from (value for value, kinds in ((True, (bool,)), ("ÿ" * 11_000, ()), (LOW, ())) if not {*kinds} & {*plain})
    if not {list} & {*origins}:
        yield [[1]]
    if not any(one is dict or (isinstance(one, type) and issubclass(one, msgspec.Struct)) for one in origins):
        yield {"a": None}
    if Literal in origins:
        yield "no such word"


def dotted(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def judged(answer: Answer, operation: Operation, what: object, sent: str = "") -> None:
    """An error is a 4xx in words for the caller. What the caller sent may be quoted."""
    assert answer.status < 500, (what, answer)
    if answer.status >= 400:
        text = answer.text.replace("ÿ", "").replace(sent, "") if sent else answer.text.replace("ÿ", "")
        assert not OF_A_PROGRAM.search(text), (what, text)
        assert not NIL_ID.search(text), (what, text)


def telling(answer: Answer) -> set[str]:
    """The fields that a problem names; those of a row are named without its number."""
    return {error["field"] for error in answer.json().get("errors", [])}


@for_each(WITH_BODY, name_of)
def test_a_wrong_field_is_told_in_words(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    for path, struct in structs_in(operation.body, body):
        for field in msgspec.structs.fields(struct):
            place = (*path, field.encode_name)
            for value in wrong_values(field.type):
                answer = send(client, changed(request, body=put(body, place, value)))
                judged(answer, operation, (place, repr(value)[:40]))
                if answer.status == 400 and operation.surface == "v2" and value != LOW:  # a bound may be told at the other
                    assert any(named.startswith(dotted(place)) for named in telling(answer)), (place, value, answer.text)
        answer = send(client, changed(request, body=put(body, (*path, "no_such_field"), 1)))
        judged(answer, operation, (path, "unknown"))
        for field in msgspec.structs.fields(struct):
            if field.required:
                answer = send(client, changed(request, body=put(body, (*path, field.encode_name), MISSING)))
                judged(answer, operation, (path, field.encode_name, "missing"))
                assert answer.status in (207, 400), (path, field.encode_name, answer)
                assert field.encode_name in answer.text


@for_each([one for one in WITH_BODY if one.surface == "v2" and len(wire_names(one.body)) > 1], name_of)
def test_all_wrong_fields_are_told_at_once(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    if isinstance(body, list):
        return  # each of its rows is stored or rejected for itself
    wrong = {
        field.encode_name: min(wrong_values(field.type), key=lambda value: len(repr(value)))
        for field in msgspec.structs.fields(next(struct for path, struct in structs_in(operation.body, body) if not path))
        if any(True for _ in wrong_values(field.type))
    }
    answer = send(client, changed(request, body=json.dumps(body | wrong).encode()))
    assert answer.status == 400, answer
    assert telling(answer) >= wrong.keys(), answer.text
    assert len(telling(answer)) == len(answer.json()["errors"])


def put(body: Any, path: Path, value: Any) -> bytes:
    """The body as JSON with another value at a place, or without one."""
    copied = json.loads(json.dumps(body))
    inner = copied
    for part in path[:-1]:
        inner = inner[part]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(copied).encode()


OF_A_LINK = "share_token"
"""The secret of a share link. Whatever is wrong beside it is told as a wrong link is: visitors learn nothing by trying."""


@for_each([one for one in operations() if path_parameters(one)], name_of)
def test_a_malformed_id_is_told_as_it_was_sent(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    lasting = victims.lasting(operation)
    for name in path_parameters(operation):
        text = lasting.path.get(name, "")
        if not re.fullmatch(r"[a-z]{3,5}_[0-9a-z]{13}", text):
            continue
        for sent in (f"{text.partition('_')[0]}_xyz", "nonsense", text.upper()):
            answer = send(client, request_for(operation, lasting, **{name: sent}))
            judged(answer, operation, (name, sent), sent)
            if operation.surface == "v2" and name != "hook_id":
                assert answer.status == 404, (name, answer)
                is_told = OF_A_LINK not in path_parameters(operation)
                assert (sent in answer.text) is is_told, (name, sent, answer.text)


def ids_in(body: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every id of an example, and where it is."""
    if isinstance(body, str) and re.fullmatch(r"[a-z]{3,5}_[0-9a-hjkmnp-tv-z]{13}", body):
        yield path, body
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in parts:
        yield from ids_in(value, (*path, name))


@for_each([one for one in WITH_BODY if any(True for _ in ids_in(one.example.body))], name_of)
def test_a_malformed_id_in_a_body_is_named_where_it_stands(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    lasting = victims.lasting(operation)
    request, body = request_for(operation, lasting), body_for(operation, lasting)
    for path, text in ids_in(body):
        sent = f"{text.partition('_')[0]}_xyz"
        answer = send(client, changed(request, body=put(body, path, sent)))
        judged(answer, operation, (path, sent), sent)
        assert answer.status in (207, 400, 401, 403, 404), (path, answer)
        if answer.status == 400 and operation.surface == "v2":
            assert telling(answer) == {dotted(path)}, (path, answer.text)


QUERY_TEXTS = ("null", "NULL", "", "no such word", "-1", "ÿ" * 20_000, "[]")


@everywhere_later
@for_each(WITH_QUERY, name_of)
def test_a_wrong_query_is_told_in_words(operation: Operation, client: httpx.Client, victims: Victims, everywhere: bool) -> None:
    lasting = victims.lasting(operation)
    request = request_for(operation, lasting)
    for number, field in enumerate(msgspec.structs.fields(operation.query), turn_of(operation)):
        name, is_text = field.encode_name, str in map(plain_type, members_of(field.type))
        if name == "from":
            request = changed(request, query={key: text for key, text in request.query.items() if key != "range"})
        full = everywhere or (name_of(operation), name) in ONE_OF_EACH_QUERY_FIELD
        for sent in QUERY_TEXTS if full else one_in_turn(QUERY_TEXTS, number):
            answer = send(client, changed(request, query=request.query | {name: sent}))
            judged(answer, operation, (name, sent))
            if sent.lower() == "null" and not is_text:
                assert answer.status == 400, (name, sent, answer)
            if sent == "" and operation.surface == "v2":
                assert answer.status == 400, (name, sent, answer)
            if answer.status == 400 and operation.surface == "v2":
                assert name in {named.partition("[")[0] for named in telling(answer)}, (name, sent, answer.text)
