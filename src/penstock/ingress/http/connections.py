"""The ingest call for network servers: one address per connection, for every format of body.

A call carries the connection's secret, or an API key that can send readings. If a secret is used, a connection that does not
exist or belongs to another organisation is answered like a wrong secret. It is a hot path, so it is a raw ASGI handler.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Annotated, Any

import msgspec
import structlog
from msgspec import UNSET, Meta, UnsetType

from penstock.core.connections.activity import ConnectionActivity
from penstock.core.connections.directory import SECRET_PREFIX, ConnectionDirectory
from penstock.core.connections.errors import (
    ConnectionNotFound,
    ConnectionPaused,
    ConnectionTakesNoRequests,
)
from penstock.core.connections.intake import ConnectionIntake, IngestResult, Outcome
from penstock.core.connections.models import ConnectionRef, ConnectionStatus, ConnectionType
from penstock.core.telemetry.chains import CHAIN_FIELD, chain_in_header
from penstock.core.telemetry.service import TelemetryService
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import ProjectBound
from penstock.core.uplinks.models import Network, NetworkMessage
from penstock.ingress.http.admission import SCOPE, Admission
from penstock.ingress.http.room import wait_for_room
from penstock.kit import strict_json
from penstock.kit.decoding import decode_query
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.http import (
    BodyBudget,
    ClientGone,
    Headers,
    Receive,
    Scope,
    Send,
    check_json_type,
    credential,
    header,
    read_body,
    send_json,
    send_problem,
)
from penstock.kit.ids import Prefix, decode, encode
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of
from penstock.kit.wire_types import one_of

MAX_BODY_BYTES = 262_144
PATH = "/api/v2/ingest/{connection_id}"
SECRET_HEADER = b"x-connection-secret"
_SECRET_PREFIX = SECRET_PREFIX.encode()
_log = structlog.get_logger()
ReadMessage = Callable[[ConnectionType, dict[str, Any], str | None], NetworkMessage]


class IngestQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type of event that ChirpStack reports, such as `up`. If omitted, it is derived from the body's keys."""

    event: Annotated[str, Meta(max_length=64)] | None = None


class Ingested(msgspec.Struct, frozen=True, omit_defaults=True):
    """The outcome of a message: `stored`, `duplicate`, `quarantined`, `unregistered`, `event` or `skipped`.

    Of a message with several `readings`, `reading_id` is the newest; `duplicates` of them were stored before, and
    `quarantined` are stored apart.
    """

    status: Annotated[str, one_of(*Outcome)]
    device_id: str | None = None
    reading_id: str | None = None
    readings: int | UnsetType = UNSET
    duplicates: int | UnsetType = UNSET
    quarantined: int | UnsetType = UNSET


class ConnectionIngest:
    """The ingest call for network servers. `read` parses a body into a message, by the connection's type."""

    def __init__(
        self,
        *,
        intake: ConnectionIntake,
        directory: ConnectionDirectory,
        activity: ConnectionActivity,
        telemetry: TelemetryService,
        admission: Admission,
        gate: Gate,
        budget: BodyBudget,
        read: ReadMessage,
    ) -> None:
        self._intake = intake
        self._directory = directory
        self._activity = activity
        self._telemetry = telemetry
        self._admission = admission
        self._gate = gate
        self._budget = budget
        self._read = read

    @asgi_operation(
        "POST",
        PATH,
        surface="v2",
        tag="Connections",
        scope=SCOPE,
        query=IngestQuery,
        body=dict[str, Any],
        answer=Ingested,
        max_body_bytes=MAX_BODY_BYTES,
        headers={"X-Connection-Secret": "The connection's secret."},
        refuses=(422,),
        example=Example(
            path={"connection_id": "con_0c2k9fq7w3n9s"},
            query={"event": "up"},
            body={
                "deduplicationId": "7d0f6a53-0f0c-4b7e-9c1f-2a7b6f4d1e90",
                "deviceInfo": {"deviceName": "Block C / flat 12", "devEui": "70b3d57ed0061f2a"},
                "fCnt": 2291,
                "fPort": 10,
                "data": "AALQBw4GAA==",
                "object": {"cumulativeFlowM3": 184.327, "battery": 3.59},
            },
            answer={"status": "stored", "device_id": "dev_0c2k9fq7w3m1x", "reading_id": "tel_000000000001k"},
        ),
    )
    async def ingest(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ingest a message from a network server.

        Called by the network server with the connection's secret (`X-Connection-Secret` or `Authorization: Bearer`), or with an
        API key. Accepts bodies of ChirpStack 4 and 3, of The Things Stack 3, and JSON with `dev_eui`, `timestamp` and values. A
        200 means that the message is on disk. The readings of an unregistered device are stored, and are assigned to the device
        when it is registered. A message delivered twice is stored once.
        """
        request_id = request_id_of(scope)
        limited: Headers = []
        connection: ConnectionRef | None = None
        try:
            connection = await self._admit(scope, limited)
            check_json_type(scope)
            await wait_for_room(self._telemetry)
            body = await read_body(scope, receive, MAX_BODY_BYTES, self._budget)
            chain = chain_in_header(header(scope, CHAIN_FIELD))
            taken = await self._intake.take(connection, self._message(connection, body, _event(scope)), chain)
        except PenstockError as error:
            if connection is not None:
                self._activity.record_error(connection, error.detail)
            await send_problem(send, error, request_id, limited)
        except ClientGone:
            return
        except Exception:
            _log.exception("ingest_failed", request_id=request_id)
            await send_problem(send, InternalError(), request_id, limited)
        else:
            self._activity.record_message(connection)
            headers = [(b"x-request-id", request_id.encode()), *limited]
            await send_json(send, 200, msgspec.json.encode(_ingested(taken)), headers)

    def _message(self, connection: ConnectionRef, body: bytes, event: str | None) -> NetworkMessage:
        """Parse a body. A message without an id from its server is identified by its bytes, if it contains its time.

        Without a time, two equal bodies can be two different messages.
        """
        message = self._read(connection.type, _object(body), event)
        if message.dedupe_key is None and message.time_us is not None and message.network is not Network.CUSTOM:
            return msgspec.structs.replace(message, dedupe_key=f"body:{blake2b(body, digest_size=16).hexdigest()}")
        return message

    async def _admit(self, scope: Scope, limited: Headers) -> ConnectionRef:
        """Return the connection in the path, if the caller can send through it.

        Raises:
            ConnectionSecretInvalid, ConnectionPaused, ConnectionTakesNoRequests, OrganizationSuspended.
            ProjectBound, ConnectionNotFound, and the errors of key admission: if the call carries a key.
        """
        text = scope["path"].split("/")[4]
        connection_id = decode(Prefix.CONNECTION, text)
        secret = header(scope, SECRET_HEADER)
        # The prefix distinguishes a secret from an API key, as both can be sent as a bearer token.
        if secret is None:
            shown = credential(scope)
            secret = shown if shown is not None and shown.startswith(_SECRET_PREFIX) else None
        if secret is not None:
            found = await self._directory.get_by_secret(connection_id, secret.strip())
            await self._gate.check_running(found.org_id)
        else:
            actor = await self._admission.key(scope, limited)
            if actor.project_id is not None:
                raise ProjectBound()  # unregistered devices belong to the whole organisation
            if connection_id is None:
                raise ConnectionNotFound(connection_id=text[:64])
            found = await self._directory.get(actor.org_id, connection_id)
        if found.status is not ConnectionStatus.ACTIVE:
            raise ConnectionPaused()
        if found.type is ConnectionType.MQTT:
            raise ConnectionTakesNoRequests(type=found.type.value)
        return found


def _object(body: bytes) -> dict[str, Any]:
    value = strict_json.decode(body)
    if type(value) is not dict:
        raise InvalidInput.field("", "the body must be a JSON object")
    return value


def _event(scope: Scope) -> str | None:
    query: bytes = scope["query_string"]
    if not query or query == b"event=up":
        return "up" if query else None
    return decode_query(query, IngestQuery).event


def _ingested(taken: IngestResult) -> Ingested:
    device_id = None if taken.device is None else encode(Prefix.DEVICE, taken.device.id)
    reading_id = None if taken.seq is None else encode(Prefix.READING, taken.seq)
    if not taken.readings:
        return Ingested(taken.outcome.value, device_id, reading_id)
    return Ingested(taken.outcome.value, device_id, reading_id, taken.readings, taken.duplicates, taken.quarantined)
