"""T1, the matrix itself: every operation × every id it takes × {another organisation's, unknown, deleted, malformed}.

The rule: an id of somebody else's is answered exactly like one that nobody has. `leaks` tells where that is not so. It is
used on the server as it is, where it must find nothing, and on servers broken on purpose, where it must find the break.
"""

from __future__ import annotations

import functools
import json
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import msgspec

from penstock.kit.ids import encode
from penstock.kit.operation import Operation
from tests.security import dialects
from tests.security.calls import (
    Answer,
    Request,
    body_for,
    changed,
    check_error,
    from_the_beginning,
    is_open,
    request_for,
    send,
    streamed,
)
from tests.security.dialects import NAMELESS_STATUS, Values, values_of_dialects
from tests.security.holding import Holding
from tests.security.people import Person
from tests.security.table import ID, each, name_of, one_of_each, operations, path_parameters, references, wire_names
from tests.support.waiting import eventually

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
MASKS = (
    (TIME, "<time>"),
    (re.compile(r"(?:tok|psk|prt|mfa)_[\w-]+|eyJ[\w.-]+"), "<token>"),
    (ID, "<id>"),
)
"""What differs between two successes for the same question."""
FOLLOWS_LATER = {"data_points_24h", "last_used_at", "last_used_from", "active_devices", "included_devices"}
FOLLOWS_LATER |= {"attempts", "last_status", "next_attempt_at", "failing_since", "failures", "paused_until"}
"""Fields that a worker brings up to date a moment after."""
RANGES = {"query"}
"""What an answer says about the range that was asked for: one that ends now moves with the clock."""
FOLLOWS_BY_ITSELF = {
    "/api/v2/logs",
    "/api/v2/logs/export",
    "/api/v2/logs/head",
    "/api/v2/logs/verify",
} | dialects.FOLLOWS_BY_ITSELF
FOLLOWS_BY_ITSELF |= {"/api/v2/connections", "/api/v2/connections/{connection_id}", "/api/v2/devices/{device_id}/connection"}
FOLLOWS_BY_ITSELF |= {"/api/v2/webhook-messages", "/api/v2/webhook-messages/{message_id}/attempts"}
FOLLOWS_BY_ITSELF |= {"/api/v2/usage", "/api/v2/keys/{key_id}/usage", "/api/v2/limits", "/api/v2/limits/refusals"}
FOLLOWS_BY_ITSELF |= {"/api/v2/tokens/{token}/code"}
"""What grows by itself: a worker notes the first use of each key on a day, and each look is a call. It is looked at for marks."""
FRESH = re.compile(r"(?:key|name)_[0-9a-f]{8}\b|\b[sn]-[0-9a-f]{16}\b")
"""The names that examples get to be unique."""

MALFORMED_ID = (
    "nonsense",
    "{0}_",
    "{0}_uuuuuuuuuuuuu",
    "{0}_0000",
    "{0}_zzzzzzzzzzzzz",
    "usr_0c2k9fq7w3m1x",
    "0",
    "-1",
    "*",
    "é",
)


class Case(msgspec.Struct, frozen=True):
    """One place where an operation takes an id: in its path, query or body."""

    operation: Operation
    place: str
    name: str

    def __str__(self) -> str:
        return f"{name_of(self.operation)} {self.place} {self.name}"


def _ids(prefix: str, own: str, foreign: str, *deleted: str) -> Values:
    return Values(
        own=own,
        foreign=[foreign],
        unknown=encode(prefix, secrets.randbits(60)),
        deleted=list(deleted),
        malformed=[text.format(prefix) for text in MALFORMED_ID],
    )


def _names(own: str, foreign: list[str], deleted: list[str], form: Callable[[str], Any] = str) -> Values:
    unknown = f"nobodys-{secrets.token_hex(6)}"
    return Values(
        own=form(own),
        foreign=[form(name) for name in foreign],
        unknown=form(unknown),
        deleted=[form(name) for name in deleted],
    )


def _devices(mine: Holding, theirs: Holding) -> tuple[str, ...]:
    return "dev", mine.device_id, theirs.device_id, mine.gone_device_id, theirs.gone_device_id


def _projects(mine: Holding, theirs: Holding) -> tuple[str, ...]:
    return "prj", mine.project_id, theirs.project_id


def _definitions(mine: Holding, theirs: Holding) -> tuple[str, ...]:
    return "def", mine.definition_id, theirs.definition_id, mine.gone_definition_id, theirs.gone_definition_id


def _customers(mine: Holding, theirs: Holding) -> tuple[str, ...]:
    return "cus", mine.customer_id, theirs.customer_id, mine.gone_customer_id, theirs.gone_customer_id


_OF_IDS: dict[str, Callable[[Holding, Holding], tuple[str, ...]]] = {
    "device_id": _devices,
    "devices": _devices,
    "device_ids": _devices,
    "project_id": _projects,
    "project": _projects,
    "key_id": lambda mine, theirs: ("key", mine.key_id, theirs.key_id),
    "organization_id": lambda mine, theirs: ("org", mine.org.organization_id, theirs.org.organization_id),
    "user_id": lambda mine, theirs: ("usr", mine.member.user_id, theirs.member.user_id),
    "session_id": lambda mine, theirs: ("ses", mine.person.session_id, theirs.person.session_id),
    "group_id": lambda mine, theirs: ("grp", mine.group_id, theirs.group_id),
    "invitation_id": lambda mine, theirs: ("inv", mine.invitation_id, theirs.invitation_id),
    "definition_id": _definitions,
    "execution_id": lambda mine, theirs: ("cmd", mine.execution_id, theirs.execution_id),
    "customer_id": _customers,
    "customer_ids": _customers,
    "resident_id": lambda mine, theirs: ("res", mine.resident_id, theirs.resident_id),
    "event_ids": lambda mine, theirs: ("evt", mine.more["event_id"], theirs.more["event_id"]),
    "widget_ids": lambda mine, theirs: ("wid", mine.more["widget_id"], theirs.more["widget_id"]),
    "id": lambda mine, theirs: ("cmd", mine.fetched_execution_id, theirs.fetched_execution_id),
}
"""Prefix, own id, foreign id and deleted ids, by the names of fields and parameters."""
LISTED = {"customer_ids", "event_ids"}
"""Fields that are lists of ids."""


def values_of(name: str, mine: Holding, theirs: Holding) -> Values | None:
    """The values for a field or path parameter of this name; None when the matrix does not know it."""
    gone = [mine.gone_serial, theirs.gone_serial]
    if name in _OF_IDS:
        return _ids(*_OF_IDS[name](mine, theirs))
    if found := values_of_dialects(name, mine, theirs):
        return found
    if name == "first_day":  # a day, by which a version is named in its tariff
        return Values(own=mine.more[name], foreign=[theirs.more[name]], unknown="2001-02-03", malformed=["nonsense", "é"])
    if name in mine.more:
        return _ids(mine.more[name].partition("_")[0], mine.more[name], theirs.more[name])
    if name in ("value", "device"):
        return _names(mine.serial, [theirs.serial], gone)
    if name == "identifier":
        return _names(mine.serial, [theirs.serial], gone, lambda text: f"serial:{text}")
    if name == "identifiers":  # of a kind that nothing is looked up by, as an organisation may well take the same name
        return _names(mine.external, [theirs.external], [], lambda text: [{"kind": "external", "value": text}])
    if name == "key":
        return _names(mine.own_key, [theirs.own_key], [mine.gone_key, theirs.gone_key])
    return _of_other_forms(name, mine, theirs)


def _of_other_forms(name: str, mine: Holding, theirs: Holding) -> Values | None:
    if name in ("dev_eui", "waiting_eui"):
        own_eui = mine.eui if name == "dev_eui" else mine.waiting_eui
        return Values(
            own=own_eui, foreign=[theirs.eui if name == "dev_eui" else theirs.waiting_eui], unknown=secrets.token_hex(8)
        )
    if name in ("project_alias", "license_id"):
        own, foreign = getattr(mine, name), getattr(theirs, name)
        return Values(own=own, foreign=[foreign], unknown=secrets.token_hex(len(own) // 2), malformed=["nonsense", own[1:], "é"])
    if name == "version":  # of a secret, by number
        return Values(own="1", foreign=[], unknown="99", malformed=["nonsense", "é"])
    if name == "kind":
        return Values(own="serial", foreign=[], unknown="external", malformed=["nonsense", "SERIAL"])
    return None


def cases(operation: Operation) -> list[Case]:
    """Every place where an operation takes an id. Cursors have a test of their own, as they are no ids."""
    if is_open(operation):
        return []
    found = [Case(operation, "path", name) for name in path_parameters(operation)]
    found += [Case(operation, "query", name) for name in references(operation.query) if name != "cursor"]
    found += [Case(operation, "body", name) for name in references(operation.body)]
    return found


def callers(operation: Operation) -> list[bool]:
    """How an operation is called: with a key, and where that is taken with the device's own token (True)."""
    return [False, True] if operation.device_token and operation.scope else [operation.device_token]


def asking(case: Case, mine: Holding, value: Any, *, with_token: bool = False) -> Request:
    """The call with this value in the case's place and the caller's own things everywhere else."""
    if case.place == "path":
        return request_for(case.operation, mine, with_token=with_token, **{case.name: value})
    request = request_for(case.operation, mine, with_token=with_token)
    if case.place == "query":
        return changed(request, query=request.query | {case.name: value})
    body = body_for(case.operation, mine)
    row = body[0] if isinstance(body, list) else body
    for name in references(case.operation.body):
        row.pop(name, None)  # a reading names its device in one way, not in two
    row[case.name] = [value] if case.name in LISTED else value
    return changed(request, body=json.dumps(body).encode())


def asked(value: Any) -> str:
    """The part of a value that an answer may repeat."""
    text = value if isinstance(value, str) else value[0]["value"]
    return str(text).removeprefix("serial:")


def comparable(answer: Answer, sent: Any) -> tuple[int, dict[str, str], str]:
    """An answer without what may differ: the id that was asked for, and in a success what is new each time."""
    text = answer.text.replace(asked(sent), "<asked>")
    text = FRESH.sub("<name>", re.sub(r'"request_id":"[^"]*"', '"request_id":""', text))
    if answer.status < 400:
        for pattern, mask in MASKS:
            text = pattern.sub(mask, text)
        text = re.sub(r"(?<=[:\[,])-?\d+(?:\.\d+)?(?=[,\]}])", "0", text)
    headers = {name: value.replace(asked(sent), "<asked>") for name, value in answer.headers.items() if name != "etag"}
    return answer.status, {name: TIME.sub("<time>", value) for name, value in headers.items()}, text


def snapshot(client: httpx.Client, holding: Holding) -> dict[str, Any]:
    """All that an organisation can read of its things, by operation; of nouns that were made for it."""
    found = {}
    for operation in each(with_scope=True):
        known = holding.path.keys() >= set(path_parameters(operation))
        if operation.method == "GET" and operation.path not in FOLLOWS_BY_ITSELF and known:
            answer = send(client, request_for(operation, holding))
            found[name_of(operation)] = _settled(answer, holding)
    return found


def _settled(answer: Answer, holding: Holding) -> Any:
    """What stays of an answer: not the range, which moves with the clock, nor what is still being removed elsewhere."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.text
    document = json.loads(
        answer.body, object_hook=lambda found: {key: found[key] for key in found.keys() - FOLLOWS_LATER - RANGES}
    )
    if isinstance(document, dict):
        rows = document.get("data")
        if isinstance(rows, list):
            document["data"] = [row for row in rows if row.get("device_id", holding.device_id) == holding.device_id]
        document.pop("request_id", None)
    return document


def leaks(
    client: httpx.Client,
    operation: Operation,
    mine: Holding,
    theirs: Holding,
    *,
    only_foreign: bool = False,
    among_many: bool = False,
) -> Iterator[str]:
    """Where an operation lets `mine` see, change or guess what is `theirs`.

    `only_foreign` leaves out what is asked of deleted and malformed ids, and that an unknown one is 404: for servers that
    are broken in the one place which sees to that. `among_many` is for a caller that goes through many operations: that nothing
    of theirs was changed is for the caller to see at the end, and malformed ids are not all asked of every operation.
    """
    before = snapshot(client, theirs) if not among_many and operation.method != "GET" else {}
    if operation.scope and operation.method != "DELETE":
        request = request_for(operation, mine)
        for answer in _pages(client, operation, request):
            yield from _marks(f"{name_of(operation)} own", answer.text, theirs)
    if operation.media_type == "text/event-stream":
        said = streamed(client, from_the_beginning(operation, mine), until=mine.device_id)
        yield from _marks(f"{name_of(operation)} from the beginning", said, theirs)
    for case in cases(operation):
        for with_token in callers(operation):
            values = values_of(case.name, mine, theirs)
            if values is None:
                yield f"{case}: the matrix does not know what to put here"
                continue
            if only_foreign:
                values = msgspec.structs.replace(values, deleted=[], malformed=[])
            elif among_many:
                values = _without_repeats(values, case)
            yield from _leaks_of_case(client, case, mine, theirs, values, with_token=with_token, only_foreign=only_foreign)
    if before:
        after = snapshot(client, theirs)
        yield from (f"{name_of(operation)} changed {name}" for name in before if before[name] != after[name])


def leaks_of_all(
    client: httpx.Client, asked_of: Sequence[Operation], mine: Callable[[Operation], Holding], theirs: Holding
) -> list[str]:
    """The same for many operations. What is theirs is looked at before and after all of them; where something of it was
    changed, they are called again one by one, to tell which it was.
    """
    before = snapshot(client, theirs)
    found = [leak for one in asked_of for leak in leaks(client, one, mine(one), theirs, among_many=True)]
    after = snapshot(client, theirs)
    if changes := [name for name in before if before[name] != after[name]]:
        again = [leak for one in asked_of for leak in leaks(client, one, mine(one), theirs)]
        found += again or [f"one of these operations changed {name}" for name in changes]
    return found


def _pages(client: httpx.Client, operation: Operation, request: Request) -> Iterator[Answer]:
    """The answer to a call, and of a list all pages: what is theirs may stand behind much else."""
    if operation.method == "GET" and "limit" in wire_names(operation.query):
        request = changed(request, query=request.query | {"limit": "1000"})
    answer = send(client, request)
    yield answer
    while "next_cursor" in wire_names(operation.answer) and (cursor := answer.json().get("next_cursor")):
        answer = send(client, changed(request, query=request.query | {"cursor": cursor}))
        yield answer


@functools.cache
def _first_cases() -> frozenset[str]:
    """One case of each kind of id: what is no id at all is refused before anything is looked for."""
    found = [case for operation in operations() for case in cases(operation)]
    return frozenset(map(str, one_of_each(found, lambda case: (case.operation.surface, case.place, case.name))))


def _without_repeats(values: Values, case: Case) -> Values:
    """The values with one malformed id, another for each operation; with all of them for the first case of its kind."""
    if str(case) in _first_cases() or not values.malformed:
        return values
    number = operations().index(case.operation) % len(values.malformed)
    return msgspec.structs.replace(values, malformed=[values.malformed[number]])


def _leaks_of_case(
    client: httpx.Client,
    case: Case,
    mine: Holding,
    theirs: Holding,
    values: Values,
    *,
    with_token: bool,
    only_foreign: bool,
) -> Iterator[str]:
    def ask(value: Any) -> Answer:
        return send(client, asking(case, mine, value, with_token=with_token))

    unknown = ask(values.unknown)
    wanted = comparable(unknown, values.unknown)
    if case.place == "path" and unknown.status != NAMELESS_STATUS.get(case.name, 404) and not only_foreign:
        yield f"{case}: an unknown id is answered {unknown.status}"
    for value in (*values.foreign, *values.deleted):
        answer = ask(value)
        found = comparable(answer, value)
        if found != wanted:
            yield f"{case}: {value!r} is answered {found}, an unknown one {wanted}"
        yield from _marks(str(case), answer.text.replace(asked(value), ""), theirs)
    for value in values.malformed:
        yield from _leaks_of_malformed(case, value, ask(value), unknown, theirs)


def _leaks_of_malformed(case: Case, value: str, answer: Answer, unknown: Answer, theirs: Holding) -> Iterator[str]:
    yield from _marks(str(case), answer.text.replace(value, ""), theirs)
    same = (answer.status, answer.headers) == (unknown.status, unknown.headers)
    if case.place == "path" and not (same and answer.json().get("code") == unknown.json().get("code")):
        yield f"{case}: malformed {value!r} is answered {answer}"
    if not 400 <= answer.status < 500 and answer.status != unknown.status:
        yield f"{case}: malformed {value!r} is answered {answer.status}"
    if answer.status >= 400:
        check_error(answer, case.operation)


def twins(client: httpx.Client, mine: Holding, theirs: Holding) -> Iterator[str]:
    """Where an organisation is led to the other's device, when both have one of the same name."""
    name = f"twin-{secrets.token_hex(6)}"
    for holding in (theirs, mine, theirs):  # whoever is looked for is neither always the first nor always the last
        wanted = {"name": "twin", "identifiers": [{"kind": "serial", "value": name}]}
        client.post("/api/v2/devices", json=wanted, headers=holding.org.headers())
    for holding in (mine, theirs):
        for path in (f"/api/v2/devices/by-identifier/serial/{name}", f"/api/v2/devices?identifier=serial:{name}"):
            answer = client.get(path, headers=holding.org.headers())
            if answer.status_code != 200 or holding.org.organization_id not in answer.text:
                yield f"GET {path} is answered {answer.text}"
        rows = [{"device": name, "data": {"twin": name}}]
        answer = client.post("/api/v2/telemetry", json=rows, headers=holding.org.headers())
        if answer.status_code != 201:
            yield f"a reading for {name} is answered {answer.text}"
    yield from _waiting_twins(client, mine, theirs)


def _waiting_twins(client: httpx.Client, mine: Holding, theirs: Holding) -> Iterator[str]:
    """Where devices that wait to be registered are mixed up, when both organisations hear of the same EUI and tenant."""
    eui, gone = secrets.token_hex(8), secrets.token_hex(8)
    tenant = theirs.serial.replace("-device", " tenant")  # the name of their customer's tenant

    def call(holding: Holding, method: str, path: str, body: Any = None) -> httpx.Response:
        return client.request(method, path, json=body, headers=holding.org.headers())

    def waiting(holding: Holding) -> dict[str, Any]:
        rows = call(holding, "GET", "/api/v2/unregistered-devices?limit=1000").json()["data"]
        return {row["eui"]: row for row in rows if row["eui"] in (eui, gone)}

    def meters(holding: Holding) -> str:
        made = call(holding, "POST", "/api/v2/connections", {"type": "custom", "name": "twins"})
        return f"/api/v2/ingest/{made.json()['connection']['id']}"

    doors = {holding.device_id: meters(holding) for holding in (mine, theirs)}
    for holding in (theirs, mine, theirs):
        for one in (eui, gone):
            uplink = {"dev_eui": one, "consumption_m3": 1.5, "tenant_name": tenant}
            call(holding, "POST", doors[holding.device_id], uplink)
    kept, own = waiting(theirs), waiting(mine)
    if [row["readings"] for row in (*own.values(), *kept.values())] != [1, 1, 2, 2]:
        yield f"of devices that wait it is told {own} and {kept}"
    if any(row["customer_id"] is not None for row in own.values()):
        yield f"a device of {tenant} is led to {own}"
    call(mine, "DELETE", f"/api/v2/unregistered-devices/{gone}")
    wanted = {"name": "twin", "identifiers": [{"kind": "eui", "value": eui}]}
    made = call(mine, "POST", "/api/v2/devices", wanted).json()["device"]["id"]
    path = f"/api/v2/devices/{made}/telemetry?from=2020-01-01T00:00:00Z"
    came = eventually(lambda: call(mine, "GET", path).json()["data"], 30)  # a worker brings what waited
    if not came or len(call(mine, "GET", path).json()["data"]) != 1:
        yield f"a device that was registered got {call(mine, 'GET', path).text}"
    if waiting(mine) != {} or waiting(theirs) != kept:
        yield f"after others registered it and let it go, of devices that wait it is told {waiting(theirs)}"


def shared(client: httpx.Client, mine: Holding, theirs: Holding) -> Iterator[str]:
    """Where what one organisation does to somebody shows in another that they belong to."""

    def call(holding: Holding, method: str, path: str, body: Any = None, person: Person | None = None) -> Any:
        headers = holding.org.headers()
        if person:
            headers = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": headers["X-Organization-Id"]}
        answer = client.request(method, path, json=body, headers=headers)
        return answer.json() if answer.is_success and answer.content else answer.status_code

    def look() -> list[Any]:
        member = f"/api/v2/members/{there.user_id}"
        group = call(theirs, "GET", f"/api/v2/groups/{theirs.group_id}/members?limit=1000")
        inside = [row["user_id"] for row in group["data"]]
        about = [call(theirs, "GET", path) for path in (member, f"{member}/sessions", f"/api/v2/keys/{keys[1]}")]
        return [*about, there.user_id in inside, call(theirs, "GET", "/api/v2/profile/sessions", person=there)]

    there = theirs.people.members("both", "admin")[0]
    here = mine.people.join(there, "admin")
    keys, wanted = [], {"name": "own", "scopes": []}
    for holding, person in ((mine, here), (theirs, there)):
        keys.append(call(holding, "POST", "/api/v2/keys", wanted, person)["key"]["id"])
        call(holding, "PUT", f"/api/v2/groups/{holding.group_id}/members/{here.user_id}")
    before = look()
    sessions = [row["id"] for row in call(mine, "GET", f"/api/v2/members/{here.user_id}/sessions")["data"]]
    if sessions != [here.session_id]:
        yield f"sessions elsewhere are listed: {sessions}"
    call(mine, "PATCH", f"/api/v2/members/{here.user_id}", {"role": "viewer"})
    gone = call(mine, "DELETE", f"/api/v2/members/{here.user_id}")
    if (gone["sessions_ended"], gone["keys_revoked"], len(gone["groups_left"])) != (1, [keys[0]], 1):
        yield f"off-boarding tells {gone}"
    if look() != before:
        yield "off-boarding shows in another organisation"
    for email in (theirs.member.email, f"{secrets.token_hex(6)}@example.org"):  # a member and somebody invited elsewhere
        call(theirs, "POST", "/api/v2/invitations", {"email": email})
        if not isinstance(call(mine, "POST", "/api/v2/invitations", {"email": email}), dict):
            yield f"{email} cannot be invited"


def moves(client: httpx.Client, mine: Holding, act: Callable[[], object]) -> Iterator[str]:
    """What an organisation reads that changes when another one does something: sums and counts over everybody."""
    before = snapshot(client, mine)
    act()
    after = snapshot(client, mine)
    yield from (f"{name} changes with what others do" for name in before if before[name] != after[name])


def _marks(what: str, text: str, theirs: Holding) -> Iterator[str]:
    yield from (f"{what}: shows {mark}" for mark in theirs.marks if mark in text)
