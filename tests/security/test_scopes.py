"""K4: every operation asks for its scope and for nothing less.

Generated from the operation table. An operation without a scope has to stand in `OPEN`, so that leaving one out is a
decision and not an oversight.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

import httpx
import pytest

from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES as SCOPES_OF
from penstock.core.tenancy.event_scopes import SCOPES as SCOPES_OF_EVENTS
from penstock.core.tenancy.scopes import ALL
from penstock.kit.ids import encode
from penstock.kit.operation import Operation
from penstock.kit.secret import new_credential
from tests.security.calls import Answer, Request, changed, check_error, is_for_devices, request_for, send
from tests.security.dialects import KNOWN, OPEN_OPERATIONS, PASSES_ON
from tests.security.holding import Holding, MakeHolding
from tests.security.table import PARAMETER, admission, answered, each, name_of, one_of_each, operations, reads, served
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.server import Org

from .conftest import MakeKeys

T = TypeVar("T")

# Who may call these without a key: everybody, or a device with its own token.
OPEN = {
    "GET /": "names the pages",
    "GET /health": "tells that the process lives",
    "GET /ready": "tells whether it takes work",
    "GET /ping": "tells that somebody is there",
    "POST /sms/twilio/{account_id}/inbound": "signed by the provider with the credentials of the account in the path",
    "POST /sms/twilio/{account_id}/status": "signed by the provider with the credentials of the account in the path",
    "GET /metrics": "names no organisation",
    "GET /.well-known/audit-head": "one hash over everybody's audit log, to be kept by anybody",
    "GET /openapi.json": "documentation",
    "GET /docs": "documentation",
    "GET /redoc": "documentation",
    "GET /docs/static/{name:path}": "files of the documentation",
    "GET /.well-known/jwks.json": "public keys",
    "POST /api/v2/hooks/{hook_id}": "takes the hook's secret",
    "POST /api/v2/auth/sign-in": "takes e-mail and password",
    "POST /api/v2/auth/sign-in/code": "takes the token of the first step and a code",
    "POST /api/v2/auth/refresh": "takes a refresh token",
    "POST /api/v2/auth/sign-out": "takes a refresh token",
    "POST /api/v2/auth/password/forgot": "answers alike whoever is asked for",
    "POST /api/v2/auth/password/reset": "takes a token from a mail",
    "POST /api/v2/auth/invitations/accept": "takes a token from a mail",
    "POST /api/v2/auth/link": "takes a token that the server printed",
    "POST /api/v2/setup": "takes a token that the server printed",
    "GET /api/v2/shared/dashboards/{share_token}": "takes the token of a share link",
    "GET /api/v2/shared/dashboards/{share_token}/data": "takes the token of a share link",
    "GET /api/v2/shared/dashboards/{share_token}/widgets/{widget_id}/data": "takes the token of a share link",
    "GET /api/v2/shared/dashboards/{share_token}/widgets/{widget_id}/image": "takes the token of a share link",
    "POST /api/v2/agents/provision": "takes a pair code",
    "POST /api/v2/agents/confirm": "takes the token of an agent",
    "GET /api/v2/device/commands": "a device asks for its own commands, with its access token",
    "POST /api/v2/device/commands/{execution_id}/ack": "a device acknowledges its own command, with its access token",
    **OPEN_OPERATIONS,
}
# Raw routes that are no operation: none so far. {path: reason}
RAW: dict[str, str] = {}

REACHES = {
    "PATCH /api/v2/members/{user_id}",
    "DELETE /api/v2/members/{user_id}",
    "DELETE /api/v2/members/{user_id}/sessions",
    "POST /api/v2/invitations",
    "POST /api/v2/invitations/{invitation_id}/resend",
    "POST /api/v2/alerts",
    "PATCH /api/v2/alerts/{alert_id}",
    "POST /api/v2/alerts/{alert_id}/test",
    "POST /api/v2/alerts/preview",
    "POST /api/v2/notification-channels",
    "PATCH /api/v2/notification-channels/{channel_id}",
    "POST /api/v2/customers/{customer_id}/residents/{resident_id}/invitation",
    "POST /api/v2/customers/{customer_id}/managers/invitation",
    "GET /api/v2/widgets/{widget_id}/data",
    "POST /api/v2/widgets/preview",
    "GET /api/v2/dashboards/{dashboard_id}/variables/{variable}/options",
    "POST /api/v2/rules/{rule_id}/hook",
    "POST /api/v2/rules",
    "POST /api/v2/rules/import",
    "PATCH /api/v2/rules/{rule_id}",
    "POST /api/v2/rules/{rule_id}/versions/{version_id}/restore",
    "POST /api/v2/rules/{rule_id}/versions/{version_id}/deploy",
    "POST /api/v2/rules/{rule_id}/rehearse",
    "POST /api/v2/connections",
    "POST /api/v2/webhooks",
    "PATCH /api/v2/webhooks/{webhook_id}",
    "POST /api/v2/webhooks/{webhook_id}/enable",
    "POST /api/v2/webhooks/{webhook_id}/rotate-secret",
    "POST /api/v2/webhooks/{webhook_id}/test",
    "POST /api/v2/webhooks/{webhook_id}/replay",
    "POST /api/v2/tokens/{token}/grants/{grant_id}/elevate",
    "POST /v1/tokens/{token}/grants/{grant_id}/elevate",
    *PASSES_ON,
}
"""These act on somebody with a role, let a rule act, pass events on or grant seeds, so that whoever calls them must be able to do
that too, besides (see `test_passed_on.py`)."""

SCOPED = [operation for operation in each(with_scope=True) if not operation.session]
PERSONAL = [operation for operation in each(with_scope=True) if operation.session]
SCOPES = sorted({operation.scope for operation in SCOPED if operation.scope})
NATIVE = [operation for operation in SCOPED if operation.surface == "v2"]

per_operation = for_each(SCOPED, name_of)
per_native_operation = for_each(NATIVE, name_of)
CHANGING = [operation for operation in SCOPED if operation not in reads()]
ONE_OF_EACH_CLASS = {name_of(one) for one in one_of_each(operations(), admission)}

everywhere_later = pytest.mark.parametrize(
    "everywhere", [False, pytest.param(True, marks=pytest.mark.prove)], ids=["by class", "everywhere"]
)
"""All that is tried is tried on one operation of each admission class at once, with one probe for the others; all of it on all
operations is in the long catalogue."""


def tried(values: Sequence[T], operation: Operation, everywhere: bool) -> Sequence[T]:
    """What is tried on an operation: all, or one of it in turn."""
    if everywhere or name_of(operation) in ONE_OF_EACH_CLASS:
        return values
    number = operations().index(operation) % len(values)
    return values[number : number + 1]


@pytest.fixture(scope="module")
def only(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope that carries nothing else."""
    return dict(zip(SCOPES, make_keys(acme, [[scope] for scope in SCOPES]), strict=True))


@pytest.fixture(scope="module")
def only_and_a_member_s(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope that carries no other but what every member may do, and to read every event."""
    besides = SCOPES_OF[Role.MEMBER] | set(SCOPES_OF_EVENTS.values())
    return dict(zip(SCOPES, make_keys(acme, [{scope} | besides for scope in SCOPES]), strict=True))


@pytest.fixture(scope="module")
def all_but(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope that carries every other."""
    return dict(zip(SCOPES, make_keys(acme, [ALL - {scope} for scope in SCOPES]), strict=True))


@pytest.fixture(scope="module")
def refused_credentials(acme: Org, make_keys: MakeKeys, theirs: Holding) -> dict[str, str]:
    """Credentials that let nobody in, by what is wrong with them."""
    good = acme.api_key
    return {
        "unknown": new_credential("psk_"),
        "expired": make_keys(acme, [ALL], expires_us=1_700_000_000_000_000)[0],
        "revoked": make_keys(acme, [ALL], revoked=True)[0],
        "cut": good[:-1],
        "longer": good + "0",
        "one digit changed": good[:10] + ("A" if good[10] != "A" else "B") + good[11:],
        "upper case": good.upper(),
        "other prefix": "tok_" + good[4:],
        "no key at all": "nonsense",
        "vendor's key": "swk_" + "a" * 24,
        "non-ASCII": "psk_\xe9" + good[5:],
        "quote": "psk_' OR 1=1 --",
        "unknown device token": new_credential("tok_"),
    }


def as_key(request: Request, key: str) -> Request:
    """The same request with another key."""
    headers = {name: value for name, value in request.headers.items() if name not in ("X-API-Key", "Authorization")}
    return changed(request, headers={**headers, "X-API-Key": key})


def without_organization(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "X-Organization-Id"}
    return changed(request, headers=headers)


def test_operations_without_a_scope_are_known() -> None:
    assert {name_of(operation) for operation in each(with_scope=False)} - OPEN.keys() == set()


def test_every_route_is_an_operation() -> None:
    bound, routes = served()
    assert bound == {(operation.method, operation.path) for operation in operations()}, "nothing of the table is left out"
    table = {(PARAMETER.sub(r"{\1}", operation.path), operation.method) for operation in operations()}
    paths = {path for path, _ in table}
    routed = {(PARAMETER.sub(r"{\1}", route.path), method) for route in routes for method in route.methods}
    raw = {route.path for route in routes if not route.methods}
    assert routed - table == set()
    assert table - routed - {(path, "GET") for path in raw} == set()
    assert raw - paths - RAW.keys() == set()


def test_every_scope_is_in_the_catalogue() -> None:
    assert set(SCOPES) <= ALL


def test_the_table_is_not_empty() -> None:
    assert len(SCOPED) > 25
    assert {operation.surface for operation in operations()} >= {"v2", "system", *KNOWN}


@per_operation
def test_all_scopes_but_the_one_are_refused(
    operation: Operation, client: httpx.Client, theirs: Holding, all_but: dict[str, str]
) -> None:
    assert operation.scope is not None
    answer = send(client, as_key(request_for(operation, theirs), all_but[operation.scope]))
    assert answer.status == 403, answer
    check_error(answer, operation)
    assert operation.scope in answer.error
    if operation.surface == "v2":
        assert answer.json()["code"] == "auth.scope_missing"


@for_each(sparing(SCOPED), name_of)
def test_the_one_scope_is_enough(
    operation: Operation, own: Worn, only: dict[str, str], only_and_a_member_s: dict[str, str]
) -> None:
    keys = only_and_a_member_s if name_of(operation) in REACHES else only

    def with_its_scope(operation: Operation, holding: Holding) -> Request:
        assert operation.scope is not None
        request = request_for(operation, holding)
        if request.body and b'"scopes"' in request.body:  # nobody can grant what they do not have
            request = changed(request, body=json.dumps(json.loads(request.body) | {"scopes": [operation.scope]}).encode())
        return as_key(request, keys[operation.scope])

    answer = own.answer(operation, with_its_scope)
    assert answer.status < 300, answer


@per_operation
def test_no_key_is_refused(operation: Operation, client: httpx.Client, theirs: Holding) -> None:
    request = request_for(operation, theirs)
    for headers in ({}, {"X-Organization-Id": theirs.org.organization_id}, {"X-API-Key": ""}, {"Authorization": "Bearer"}):
        refused(send(client, changed(request, headers=headers)), operation, "auth.credential_missing")


@everywhere_later
@per_operation
def test_bad_keys_are_refused(
    operation: Operation, client: httpx.Client, theirs: Holding, refused_credentials: dict[str, str], everywhere: bool
) -> None:
    answers, request = {}, request_for(operation, theirs)
    for what, value in tried(list(refused_credentials.items()), operation, everywhere):
        answer = send(client, as_key(request, value))
        if not (operation.device_token and value.startswith("tok_")):
            known = what in ("expired", "revoked")
            refused(answer, operation, "auth.key_not_active" if known else "auth.credential_invalid")
            if not known:
                answers[what] = answer.error
        else:
            refused(answer, operation, "devices.token_invalid")
    assert len(set(answers.values())) <= 1, "which of them is wrong is not told"


@for_each([one for one in SCOPED if not one.device_token], name_of)
def test_a_device_token_is_no_key(operation: Operation, client: httpx.Client, theirs: Holding) -> None:
    refused(send(client, as_key(request_for(operation, theirs), theirs.token)), operation, "auth.credential_invalid")


def refused(answer: Answer, operation: Operation, code: str) -> None:
    assert answer.status == 401, answer
    check_error(answer, operation)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    if operation.surface == "v2":
        assert answer.json()["code"] == code


@everywhere_later
@per_native_operation
def test_the_organization_has_to_be_named(
    operation: Operation, client: httpx.Client, theirs: Holding, other: Org, everywhere: bool
) -> None:
    named = request_for(operation, theirs)
    request = without_organization(named)
    answer = send(client, request)
    assert (answer.status, answer.json()["code"]) == (400, "auth.organization_required")
    check_error(answer, operation)
    for text in tried(foreign_organizations(other), operation, everywhere):
        for wrong in (
            changed(request, headers=request.headers | {"X-Organization-Id": text}),
            changed(request, query=request.query | {"organizationId": text}),
            changed(named, query=request.query | {"organizationId": text}),
        ):
            answer = send(client, wrong)
            assert (answer.status, answer.json()["code"]) == (403, "auth.organization_mismatch"), wrong
            check_error(answer, operation)


def foreign_organizations(other: Org) -> Sequence[str]:
    """Another's id, one that nobody has, and texts that are no such id."""
    unknown = encode("org", 2**62 + 5)
    return (other.organization_id, unknown, "org_nonsense", "*", other.organization_id.upper(), "0", "null")


@per_native_operation
def test_two_organizations_are_one_too_many(operation: Operation, client: httpx.Client, theirs: Holding, other: Org) -> None:
    own, foreign = theirs.org.organization_id, other.organization_id
    request = request_for(operation, theirs)
    for pair in ((own, foreign), (foreign, own)):
        headers = [(name, value) for name, value in request.headers.items() if name != "X-Organization-Id"]
        headers += [("X-Organization-Id", one) for one in pair]
        response = client.request(operation.method, request.target, headers=headers, content=request.body)
        assert response.status_code == 403, response.text


@for_each(sparing(one for one in NATIVE if name_of(one) in ONE_OF_EACH_CLASS), name_of)
def test_the_organization_may_stand_in_the_query(operation: Operation, acme: Org, own: Worn) -> None:
    names_it_in_the_query(operation, acme, own)


@pytest.mark.prove
@for_each(sparing(NATIVE), name_of)
def test_the_organization_may_stand_in_the_query_everywhere(operation: Operation, acme: Org, own: Worn) -> None:
    names_it_in_the_query(operation, acme, own)


def names_it_in_the_query(operation: Operation, acme: Org, own: Worn) -> None:
    def in_the_query(operation: Operation, holding: Holding) -> Request:
        request = without_organization(request_for(operation, holding))
        return changed(request, query=request.query | {"organizationId": acme.organization_id})

    answer = own.answer(operation, in_the_query)
    assert answer.status < 300, answer


SPELLINGS: list[Callable[[str], dict[str, str]]] = [
    lambda key: {"X-API-Key": key},
    lambda key: {"x-api-KEY": key},
    lambda key: {"Authorization": f"Bearer {key}"},
    lambda key: {"Authorization": f"bearer {key}"},
    lambda key: {"authorization": f"BEARER  {key}"},
    lambda key: {"Authentication": f"bearer {key}"},
    lambda key: {"AUTHENTICATION": f"Bearer {key}"},
    lambda key: {"Authentication": "Bearer nonsense", "Authorization": f"Bearer {key}"},
]


@everywhere_later
@for_each([one for one in SCOPED if one in reads()], name_of)
def test_every_spelling_of_the_credential_works(
    operation: Operation, client: httpx.Client, acme: Org, theirs: Holding, everywhere: bool
) -> None:
    spelled(operation, client, acme, theirs, everywhere)


@pytest.mark.prove
@for_each(CHANGING, name_of)
def test_every_spelling_works_for_changes_too(
    operation: Operation, client: httpx.Client, acme: Org, new_holding: MakeHolding
) -> None:
    spelled(operation, client, acme, new_holding(acme, "own", operation), True)


def spelled(operation: Operation, client: httpx.Client, acme: Org, own: Holding, everywhere: bool) -> None:
    request = request_for(operation, own)
    for spelling in tried(SPELLINGS, operation, everywhere):
        headers = spelling(acme.api_key) | {"X-Organization-Id": acme.organization_id}
        answer = send(client, changed(request, headers=headers))
        # What the first spelling deleted is gone for the second, and what it made is there; what counts is who is let in.
        again = answer.status in (404, 409) or "devices.identifier_taken" in answer.text or "was destroyed" in answer.text
        assert answer.status < 300 or again, (headers.keys(), answer)
    for scheme in tried(("Basic", "Token", "Bearer:", "Bear", ""), operation, everywhere):
        answer = send(client, changed(request, headers={"Authorization": f"{scheme} {acme.api_key}".strip()}))
        assert answer.status == 401, scheme


@for_each(PERSONAL, name_of)
def test_a_key_is_nobody_s_self(operation: Operation, client: httpx.Client, theirs: Holding, acme: Org) -> None:
    answer = send(client, changed(request_for(operation, theirs), headers=acme.headers()))
    assert (answer.status, answer.json()["code"]) == (403, "auth.session_required")
    check_error(answer, operation)


@for_each(PERSONAL, name_of)
def test_oneself_is_asked_for_with_a_credential(
    operation: Operation, client: httpx.Client, theirs: Holding, refused_credentials: dict[str, str]
) -> None:
    request = request_for(operation, theirs)
    refused(send(client, changed(request, headers={})), operation, "auth.credential_missing")
    for value in ("eyJhbGciOiJub25lIn0.e30.", theirs.person.access_token[:-2], refused_credentials["unknown"]):
        refused(send(client, as_key(request, value)), operation, "auth.credential_invalid")


@for_each([one for one in operations() if one.device_token], name_of)
def test_a_device_speaks_for_itself(operation: Operation, client: httpx.Client, acme: Org, new_holding: MakeHolding) -> None:
    holding = new_holding(acme, "token", operation)
    request = request_for(operation, holding, with_token=True)
    for headers in ({"Authorization": f"Bearer {holding.token}"}, {"Authentication": f"bearer {holding.token}"}):
        assert send(client, changed(request, headers=headers)).status < 300


FOR_DEVICES = [one for one in operations() if is_for_devices(one)]


@for_each(FOR_DEVICES, name_of)
def test_a_call_for_devices_takes_nothing_but_a_device_s_token(
    operation: Operation, client: httpx.Client, theirs: Holding, acme: Org
) -> None:
    request = request_for(operation, theirs)
    refused(send(client, changed(request, headers={})), operation, "auth.credential_missing")
    for headers in (acme.headers(), {"Authorization": f"Bearer {new_credential('tok_')}"}):
        refused(send(client, changed(request, headers=headers)), operation, "devices.token_invalid")


@for_each(answered(one for one in each(with_scope=False) if one not in FOR_DEVICES), name_of)
def test_a_credential_does_no_harm_where_none_is_needed(operation: Operation, acme: Org, own: Worn) -> None:
    for credential in ({}, acme.headers()):

        def with_it(operation: Operation, holding: Holding, credential: dict[str, str] = credential) -> Request:
            request = request_for(operation, holding)
            return changed(request, headers=request.headers | credential)

        answer = own.answer(operation, with_it)
        assert answer.status < 300, answer
