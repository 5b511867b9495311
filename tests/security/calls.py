"""Calling operations: requests made from an operation's own example, and answers to compare."""

from __future__ import annotations

import base64
import http.client
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jsonschema_rs
import msgspec
from websockets.sync.client import connect

from penstock.ingress.sms.signatures import signature_of
from penstock.kit.errors import REGISTRY
from penstock.kit.http import PROBLEM_TYPE
from penstock.kit.ids import Prefix, decode
from penstock.kit.operation import Operation
from tests.security import dialects
from tests.security.holding import Holding
from tests.security.holdings.sms_accounts import ACCOUNT_SID
from tests.security.people import PASSWORD, code_of
from tests.security.table import ID, name_of
from tests.support.exchange import InProcessClient
from tests.support.inboxes import fresh_number

TOKEN = re.compile(r"\btok_[0-9A-Za-z]{36}")
EUI = re.compile(r"[0-9A-Fa-f]{16}")
VARIES = {"date", "x-request-id", "x-trace-id", "content-length", "sec-websocket-accept"}
VARIES |= {"x-ratelimit-remaining", "x-ratelimit-daily-remaining"}
"""Headers that tell nothing of what was found."""

PROBLEM = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "request_id"],
        "properties": {
            "type": {"type": "string", "pattern": "^" + re.escape(PROBLEM_TYPE)},
            "title": {"type": "string", "minLength": 1},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": {"type": "string", "pattern": r"^[a-z_0-9]+(\.[a-z_0-9]+)+$"},
            "detail": {"type": "string", "minLength": 1, "maxLength": 1000},
            "request_id": {"type": "string", "pattern": "^req_[0-9a-f]+$"},
            "errors": {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {
                    "type": "object",
                    "required": ["field", "code", "detail"],
                    "additionalProperties": False,
                    "properties": {name: {"type": "string", "maxLength": 500} for name in ("field", "code", "detail")},
                },
            },
        },
        "additionalProperties": False,
    }
)
NUMBER = "+447700900123"
"""The number of a receiver of SMS in examples, where an organisation has its own."""
TELLS_TOO_MUCH = re.compile(r"Traceback|File \"|\.py\b|sqlite|SELECT |site-packages|0x[0-9a-f]{8}", re.IGNORECASE)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request before it is sent. `body` is JSON already; None is no body. `upgrade` asks for a WebSocket."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes | None = None
    upgrade: bool = False

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. The body of an endless answer is left unread."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")  # a file need not be text

    @property
    def error(self) -> str:
        """What an error says, in whichever shape: the problem's code and detail, or the vendor's text."""
        document = self.json()
        if "more_info" in document:
            return f"{document['code']}: {document['message']}"
        if "error_code" in document:
            return f"{document['error_code']}: {document['message']}"
        if "error" in document:
            return str(document["error"])
        return f"{document['code']}: {document['detail']}"


def changed(request: Request, **changes: object) -> Request:
    """The same request, but for these fields."""
    return msgspec.structs.replace(request, **changes)


def send(client: httpx.Client, request: Request) -> Answer:
    """The answer to a request; of a stream, only how it begins."""
    if request.upgrade:
        return _open_websocket(client, request)
    wanted = {"Content-Type": "application/json"} | request.headers if request.body is not None else request.headers
    headers = {name: value.encode("latin-1") for name, value in wanted.items()}
    if isinstance(client, InProcessClient):
        return _exchanged(client, request, headers)
    with client.stream(request.method, request.target, content=request.body, headers=headers) as response:
        endless = response.headers.get("content-type", "").startswith("text/event-stream")
        body = b"" if endless else response.read()
        return _answer(response.status_code, response.headers.items(), body)


def _exchanged(client: InProcessClient, request: Request, headers: dict[str, bytes]) -> Answer:
    exchange = client.exchange(request.method, request.target, headers, request.body)
    try:
        start = exchange.next()
        found = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        endless = found.get("content-type", "").startswith("text/event-stream")
        body = b"" if endless else b"".join(exchange.body())
        return _answer(start["status"], found.items(), body)
    finally:
        exchange.end()


def _open_websocket(client: httpx.Client, request: Request) -> Answer:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
    }
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port, timeout=30)
    try:
        connection.request(request.method, request.target, headers=request.headers | handshake)
        response = connection.getresponse()
        body = b"" if response.status == http.HTTPStatus.SWITCHING_PROTOCOLS else response.read()
        return _answer(response.status, response.getheaders(), body)
    finally:
        connection.close()


def from_the_beginning(operation: Operation, holding: Holding) -> Request:
    """The call of a stream that replays all there is."""
    return changed(request_for(operation, holding), query={"cursor": "0"})


def streamed(client: httpx.Client, request: Request, *, until: str) -> str:
    """What a stream says, from its first event to the one in which some word falls."""
    found = ""
    if request.upgrade:
        url = str(client.base_url.join(request.target)).replace("http", "ws", 1)
        with connect(url, additional_headers=request.headers, close_timeout=0.1) as socket:
            while until not in found:
                found += str(socket.recv(timeout=10))
        return found
    with client.stream(request.method, request.target, headers=request.headers, timeout=10) as response:
        for line in response.iter_lines():
            found += line
            if until in line:
                break
    return found


def _answer(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
    kept: dict[str, str] = {}
    for name, value in headers:
        if (key := name.lower()) not in VARIES:
            kept[key] = f"{kept[key]}, {value}" if key in kept else value
    return Answer(status=status, headers=kept, body=body)


def request_for(operation: Operation, holding: Holding, *, with_token: bool = False, **path: str) -> Request:
    """A call of an operation as its example shows it, with the organisation's own things in it."""
    own = holding.path
    if operation.path.endswith("/{key_id}/rotate"):
        own["key_id"] = holding.fresh_key_id()  # a key is rotated once
    if operation.method == "DELETE" and operation.path.endswith("/{address_id}/keys/{key_id}"):
        own["key_id"] = own["inbox_key_id"]  # another key may be revoked by now, and has no grants
    if operation.path.endswith("/{execution_id}/ack"):
        own["execution_id"] = holding.fetched_execution_id  # only what was handed out is acknowledged
    if operation.path.endswith("/{resident_id}/invitation"):
        own["resident_id"] = holding.fresh_resident_id()  # nobody is invited twice
    if operation.method == "DELETE" and operation.path.endswith("/{license_id}"):
        own["license_id"] = holding.fresh_license_id()  # only a free one is withdrawn
    if "/seed-requests" in operation.path and "gated_token" in own:
        own["token"] = own["gated_token"]
        if "{request_id}" in operation.path:  # nobody decides on their own, and nobody twice
            own["request_id"] = holding.people.seed_request(own["token"], holding.person)
    if operation.path.startswith("/api/v2/inbox/accounts/{account_id}/numbers"):
        own |= {"account_id": holding.more["shop_id"], "address_id": holding.more["shop_address_id"]}
    if operation.path.startswith("/sms/twilio/"):
        return _signed(operation, holding, path_for(operation, own | path))
    return Request(
        method=operation.method,
        path=path_for(operation, _open_path(operation) | own | path),
        query={name: str(localized(text, holding)) for name, text in operation.example.query.items()},
        headers=credentials(operation, holding, with_token=with_token),
        body=json.dumps(body_for(operation, holding)).encode() if operation.body is not None else None,
        upgrade=operation.status == http.HTTPStatus.SWITCHING_PROTOCOLS,
    )


def _signed(operation: Operation, holding: Holding, path: str) -> Request:
    """A call of a provider, signed with the token of the organisation's own account."""
    fields = {"AccountSid": ACCOUNT_SID, "MessageSid": "SM1", "From": "+447700900456", "To": "+447700900001"}
    signature = signature_of(holding.more["account_token"], f"http://sms.example.org{path}", list(fields.items()))
    headers = {"X-Twilio-Signature": signature, "Host": "sms.example.org"}
    return Request(method=operation.method, path=path, query={}, headers=headers, body=urlencode(fields).encode(), upgrade=False)


def _open_path(operation: Operation) -> dict[str, str]:
    """The path of an operation that is open to everybody names nothing that belongs to anybody: the example will do."""
    return operation.example.path if is_open(operation) else {}


def is_open(operation: Operation) -> bool:
    """Whether everybody may call it."""
    return operation.scope is None and not operation.device_token


def is_for_devices(operation: Operation) -> bool:
    """Whether nobody may call it but a device, with its access token in a header."""
    return operation.scope is None and operation.device_token and operation.surface == "v2"


def path_for(operation: Operation, values: dict[str, str]) -> str:
    """The path with its parameters filled in. One that has no value here is an error: a row of the matrix is missing."""

    def fill(match: re.Match[str]) -> str:
        name, _, kind = match[1].partition(":")
        assert name in values, f"{name_of(operation)}: no value is known for the path parameter {name!r}"
        return quote(values[name], safe="/" if kind == "path" else "")

    return re.sub(r"\{([^}]+)\}", fill, operation.path)


def credentials(operation: Operation, holding: Holding, *, with_token: bool = False) -> dict[str, str]:
    """The headers of a caller that may do everything, or of the device itself, which is asked for where nobody else may."""
    if with_token or is_for_devices(operation):
        return {"Authorization": f"Bearer {holding.token}"}
    if operation.path == "/api/v2/hooks/{hook_id}":
        return {"X-Hook-Secret": holding.more["hook_secret"]}
    if operation.scope is None:
        return {}
    if operation.session:
        token = f"Bearer {holding.person.access_token}"
        return {"Authorization": token, "X-Organization-Id": holding.org.organization_id}
    return holding.org.headers()


def body_for(operation: Operation, holding: Holding) -> Any:
    """The example body of an operation with the organisation's own things in it."""
    assert operation.example.body is not None, f"{name_of(operation)}: an operation with a body shows an example of it"
    proof = PROOFS.get(operation.path)
    unique = operation.method == "POST" or operation.path == "/api/v2/groups/{group_id}"
    body = localized(operation.example.body, holding, fresh=unique)
    return body | proof(holding) if proof else body


def _sms_form(holding: Holding) -> str:
    fields = {"From": holding.more["number"], "To": "+447700900456", "Body": "Hi"}
    return base64.b64encode(urlencode(fields).encode()).decode()


def _second_step(holding: Holding) -> dict[str, Any]:
    seed = holding.people.second_factor(holding.person, confirmed=True)
    return {"mfa_token": holding.people.challenge(holding.person), "code": code_of(seed)}


def _removal(holding: Holding) -> dict[str, Any]:
    holding.people.demand_nothing()
    return {"password": PASSWORD, "code": code_of(holding.people.second_factor(holding.person, confirmed=True))}


def _name_of(holding: Holding) -> str:
    with closing(sqlite3.connect(holding.org.data_dir / "penstock.db")) as database:
        org_id = decode(Prefix.ORGANIZATION, holding.org.organization_id)
        return str(database.execute("SELECT name FROM organizations WHERE id = ?", (org_id,)).fetchone()[0])


PROOFS: dict[str, Callable[[Holding], dict[str, Any]]] = {
    "/2010-04-01/Accounts/{account_sid}/Messages.json": lambda own: {"content": _sms_form(own)},
    "/api/v2/auth/sign-in": lambda own: {"email": own.person.email, "password": PASSWORD},
    "/api/v2/auth/sign-in/code": _second_step,
    "/api/v2/auth/link": lambda own: {"token": own.people.sign_in_link(own.person)},
    "/api/v2/auth/refresh": lambda own: {"refresh_token": own.people.members("refreshed", "viewer")[0].refresh_token},
    "/api/v2/auth/password/reset": lambda own: {"token": own.people.reset_token(own.person)},
    "/api/v2/auth/invitations/accept": lambda own: {
        "token": own.people.invitation_token(f"n-{secrets.token_hex(6)}@example.org")
    },
    "/api/v2/profile/mfa/confirm": lambda own: {
        "code": code_of(own.people.second_factor(own.person, confirmed=False)),
    },
    "/api/v2/profile/mfa/remove": _removal,
    **dict.fromkeys(
        ("/api/v2/tokens/{token}/grants", "/v1/tokens/{token}/grants"), lambda own: {"subject": own.fresh_key_id()}
    ),  # the same is granted once
    "/api/v2/agents/provision": lambda own: {"pair_code": own.fresh_pair_code()},
    "/api/v2/agents/confirm": lambda own: {"token": own.fresh_agent_token()},
    # Without names it is all tokens, also those that need an approval.
    "/api/v2/tokens/export": lambda own: {"names": [own.more["token"]]},
    "/api/v2/vault/keys/shred": lambda own: {"organization_name": _name_of(own)},
}
"""What proves a person or a purpose, by path: it cannot stand in an example, as it works once or belongs to one."""


def localized(value: Any, holding: Holding, *, fresh: bool = False) -> Any:
    """An example with the ids and tokens of its story replaced. `fresh` also renews what must be unique."""
    if isinstance(value, dict):
        out = {key: localized(item, holding, fresh=fresh) for key, item in value.items()}
        return renewed(out) if fresh else out
    if isinstance(value, list | tuple):
        return [localized(item, holding, fresh=fresh) for item in value]
    if not isinstance(value, str):
        return value
    if EUI.fullmatch(value):
        return holding.eui
    if value == NUMBER and "number" in holding.more:
        return holding.more["number"]
    if value in dialects.EXAMPLES:
        return holding.more[dialects.EXAMPLES[value]]
    own = {text.partition("_")[0]: text for text in holding.more.values()}
    own |= {"dev": holding.device_id, "prj": holding.project_id, "org": holding.org.organization_id}
    own |= {"cus": holding.customer_id, "res": holding.resident_id}
    return ID.sub(lambda found: own.get(found[1], found[0]), TOKEN.sub(holding.token, value))


def renewed(body: dict[str, Any]) -> dict[str, Any]:
    """An object of an example with what must be unique made anew."""
    if {"kind", "value"} == body.keys():
        return {"kind": "serial", "value": f"s-{secrets.token_hex(8)}"}
    made = {name: f"{name}_{secrets.token_hex(4)}" for name in ("key", "dedupe_key") if body.get(name)}
    if body.keys() in ({"name"}, {"name", "kind", "url"}, {"name", "value", "description"}) or "definition" in body:
        made["name"] = f"name_{secrets.token_hex(4)}"
    if {"name", "secret"} <= body.keys():
        made["name"] = f"name_{secrets.token_hex(4)}"
    if body.keys() == {"name", "key", "unit"}:  # a sensor template
        made["name"] = f"name_{secrets.token_hex(4)}"
    if "fields" in body:
        made["name"] = f"name_{secrets.token_hex(4)}"
    if "tenant_name" in body:
        made["tenant_name"] = f"name_{secrets.token_hex(4)}"
    if "role" in body or body.keys() == {"email"}:
        made["email"] = f"n-{secrets.token_hex(8)}@example.org"
    if str(body.get("value", "")).startswith("+"):
        made["value"] = fresh_number()
    if "dev_eui" in body:
        made["dev_eui"] = secrets.token_hex(8)
    return body | made


def check_error(answer: Answer, operation: Operation) -> None:
    """An error has its surface's shape and says nothing of our insides."""
    document = answer.json()
    if str(document.get("code", "")).startswith("http."):
        document["request_id"] = "req_0"  # what the front door refuses never becomes a request
    known = dialects.KNOWN.get(operation.surface)
    if known is not None and known.check_error(answer, document):
        assert answer.headers["content-type"] == "application/json"
    else:
        PROBLEM.validate(document)
        assert document["status"] == answer.status
        assert document["type"] == PROBLEM_TYPE + document["code"]
        assert document["code"] in REGISTRY or document["code"].startswith("http.")
        assert answer.headers["content-type"] == "application/problem+json"
    assert not TELLS_TOO_MUCH.search(answer.text)
