"""The services: what each call is named, takes and answers with.

Most calls are operations of the native API, found in the table of operations, so that a new one joins by itself. A call that
answers with a file is a stream of its bytes. Streams of readings are declared here, as HTTP has them in another form or not at
all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast, get_args, get_origin

import msgspec

from penstock.api.grpc import messages
from penstock.api.grpc.shapes import Field, Kind, Many, OneOf, Plain, Record, fields_of, proto_name, shape_of, snake, struct_of
from penstock.api.shared.openapi.names import operation_name
from penstock.api.shared.openapi.words import PARAMETERS, TAGS
from penstock.api.v2.wire import ListOf
from penstock.kit.operation import Bound, Operation

PACKAGE = "penstock.v1"
SURFACE = "v2"
JSON = "application/json"
MASK = "update_mask"
_ELSEWHERE = {
    "/api/v2/streams/sse": "StreamsService.Follow is its stream",
    "/api/v2/streams/ws": "StreamsService.Follow is its stream",
    "/api/v2/streams/tickets": "tickets are for browsers, which cannot send headers",
    "/api/v2/ingest/{connection_id}": "network servers call it over HTTP, with bodies of their own",
    "/api/v2/hooks/{hook_id}": "it takes whatever its caller sends",
}
"""Operations that are not calls, and why."""
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_SERVICES = {"Organisation": "Organization", "Device profiles": "DeviceProfiles", "Signing in": "SignIn", "Oneself": "Profile"}
"""Names of services that are not their tag's."""
_MASK_FIELD = Field(
    json_name=MASK,
    name=MASK,
    shape=Plain(Kind.MASK),
    about=("The fields to change. One without a value is cleared. Without a mask, the fields that are set are changed.",),
)
CHUNK = (
    Field(
        json_name="content_type",
        name="content_type",
        shape=Plain(Kind.STRING),
        required=True,
        about=("Of the whole file, in the first message.",),
    ),
    Field(json_name="content", name="content", shape=Plain(Kind.BYTES), required=True, about=("The next bytes of the file.",)),
)


class Body(msgspec.Struct, frozen=True):
    """How a body is in a request: its fields among those of the request, or one field that has all of it.

    `media_type` is that of a body that is not JSON, such as a picture.
    """

    fields: tuple[Field, ...] = ()
    whole: Field | None = None
    media_type: Field | None = None


class Rpc(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a service. `request` and `response` are the fields of its messages.

    `path`, `query` and `body` are the fields of the request by where the operation takes them.
    """

    service: str
    name: str
    about: str
    operation: Operation | None = None
    path: tuple[Field, ...] = ()
    query: tuple[Field, ...] = ()
    body: Body = Body()
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    streams_in: bool = False
    streams_out: bool = False

    @property
    def full_name(self) -> str:
        """The path of the call in HTTP/2."""
        return f"/{PACKAGE}.{self.service}/{self.name}"

    @property
    def is_patch(self) -> bool:
        """Whether the call changes only what is named."""
        return self.operation is not None and self.operation.method == "PATCH"

    @property
    def reads(self) -> bool:
        """Whether the call changes nothing."""
        return self.operation is not None and self.operation.method == "GET"


TELEMETRY = "TelemetryService"
STREAMS = "StreamsService"


def _declared(
    service: str, name: str, about: str, request: type, response: type, *, into: bool = False, out: bool = False
) -> Rpc:
    return Rpc(
        service=service,
        name=name,
        about=about,
        request=fields_of(Record(request)),
        response=fields_of(Record(response)),
        streams_in=into,
        streams_out=out,
    )


SEND = _declared(
    TELEMETRY,
    "SendReadings",
    "Send a batch of readings.\n\nThe answer is sent after the commit. Rows that cannot be stored are reported one by one, and "
    "the others are stored.\n\nREST: POST /api/v2/telemetry. Scope: telemetry:write.",
    messages.SendReadingsRequest,
    messages.SendReadingsResponse,
)
STREAM = _declared(
    TELEMETRY,
    "StreamReadings",
    "Send batches of readings as they come, each answered after its commit, in order.\n\nA batch that fails is answered with "
    "its failure, and the stream continues. The server reads the next batches while it stores one, a few at most. The stream "
    "is a call of its key, and so is each of its batches."
    "\n\nScope: telemetry:write.",
    messages.StreamReadingsRequest,
    messages.StreamReadingsResponse,
    into=True,
    out=True,
)
UPLOAD = _declared(
    TELEMETRY,
    "UploadReadings",
    "Send batches of readings, answered once at the end. The first batch that fails ends the call; those before it are stored. "
    "The upload is a call of its key, and so is each of its batches."
    "\n\nScope: telemetry:write.",
    messages.StreamReadingsRequest,
    messages.UploadReadingsResponse,
    into=True,
)
HISTORY = _declared(
    TELEMETRY,
    "ReadHistory",
    "Read a range of readings of a device as a stream, oldest first by default.\n\nREST: GET "
    "/api/v2/devices/{device_id}/telemetry, page by page. Scope: telemetry:read.",
    messages.ReadHistoryRequest,
    messages.ReadHistoryResponse,
    out=True,
)
FOLLOW = _declared(
    STREAMS,
    "Follow",
    "Follow readings and other events as they happen.\n\nThe first event is `ready`, after a gap if there is one. A reader "
    "that does not keep up is cut off with the reason `streams.slow_reader`; it resumes with its cursor.\n\nREST: GET "
    "/api/v2/streams/sse. "
    "Scope: telemetry:read, and that of the events asked for.",
    messages.FollowRequest,
    messages.FollowResponse,
    out=True,
)
DECLARED = (SEND, STREAM, UPLOAD, HISTORY, FOLLOW)
"""The calls that are not operations."""


def is_call(operation: Operation) -> bool:
    """Whether an operation is a call of a service."""
    return operation.surface == SURFACE and operation.path not in _ELSEWHERE and not _takes_readings(operation)


def call_name(operation: Operation) -> str:
    """The full name of the call of an operation, without a description of its request."""
    name = operation_name(operation)
    return f"/{PACKAGE}.{service_of(operation.tag)}/{name[0].upper()}{name[1:]}"


def _takes_readings(operation: Operation) -> bool:
    return operation.method == "POST" and operation.tag == "Telemetry"


def rpcs_of(operations: Iterable[Operation]) -> list[Rpc]:
    """The calls that are operations."""
    return [rpc_of(operation) for operation in operations if is_call(operation)]


def service_of(tag: str) -> str:
    """The service with the operations of a tag."""
    return _SERVICES.get(tag, "".join(word.capitalize() for word in tag.split())) + "Service"


def tag_of(service: str) -> str:
    """The tag whose operations a service has."""
    return next(tag for tag in TAGS if service_of(tag) == service)


def operations_in(bound: Sequence[Bound]) -> list[Operation]:
    """The operations of a table."""
    return [one.operation for one in bound]


def rpc_of(operation: Operation) -> Rpc:
    """The call of an operation."""
    name = operation_name(operation)
    path = tuple(
        Field(json_name=word, name=proto_name(word), shape=Plain(Kind.STRING), required=True, about=_known_words(word))
        for word in _PARAMETER.findall(operation.path)
    )
    query = _query_of(path, operation.query) if operation.query else ()
    body = _body_of(operation)
    mask = (_MASK_FIELD,) if operation.method == "PATCH" else ()
    whole = [field for field in (body.whole, body.media_type) if field is not None]
    request = (*path, *query, *body.fields, *whole, *mask)
    if len({field.name for field in request}) < len(request):
        raise ValueError(f"{name} has a field twice")
    is_file = operation.media_type != JSON
    return Rpc(
        service=service_of(operation.tag),
        name=name[0].upper() + name[1:],
        about=_about(operation),
        operation=operation,
        path=path,
        query=query,
        body=body,
        request=request,
        response=CHUNK if is_file else _response_of(operation),
        streams_out=is_file,
    )


def _query_of(path: Sequence[Field], query: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a query; one whose name the path has is about another thing than the one in the path."""
    taken = {field.name for field in path}
    found = []
    for field in fields_of(Record(query), in_query=True):
        name = f"other_{field.name}" if field.name in taken else field.name
        words = _known_words(f"{query.__name__}.{field.json_name}") or _known_words(field.json_name)
        found.append(msgspec.structs.replace(field, name=name, about=(*words, *field.about)))
    return tuple(found)


def _known_words(name: str) -> tuple[str, ...]:
    return (PARAMETERS[name],) if name in PARAMETERS else ()


def _body_of(operation: Operation) -> Body:
    expected: Any = operation.body
    if expected is None:
        return Body()
    shape = shape_of(expected)
    if isinstance(shape, Record):
        fields = fields_of(shape)
        media_types = [name for name in operation.body_types if name != JSON]
        if media_types:
            about = f"The media type of that which is sent: {', '.join(media_types)}."
            kind = Field(json_name="content_type", name="content_type", shape=Plain(Kind.STRING), required=True, about=(about,))
            return Body(whole=Field(json_name="", name="content", shape=Plain(Kind.BYTES), required=True), media_type=kind)
        return Body(fields=fields)
    return Body(whole=Field(json_name="", name="items" if isinstance(shape, Many) else "body", shape=shape, required=True))


def _response_of(operation: Operation) -> tuple[Field, ...]:
    answer: Any = operation.answer
    if answer is None:
        return ()
    if get_origin(answer) is ListOf:
        return fields_of(Record(answer))
    shape = shape_of(answer)
    name = snake(message_base(shape)) if isinstance(shape, Record) else "result" if isinstance(shape, OneOf) else "value"
    return (Field(json_name="", name=proto_name(name), shape=shape, required=True),)


def message_base(record: Record) -> str:
    """The name of a message if no other has it."""
    words = [struct_of(record).__name__, *(getattr(one, "__name__", str(one)) for one in get_args(record.struct))]
    return re.sub(r"[^A-Za-z0-9]+", "", "".join(word[0].upper() + word[1:] for word in words))


def _about(operation: Operation) -> str:
    open_to = "The credential is a device's access token." if operation.device_token else "No credential is needed."
    scope = f"Scope: {operation.scope}." if operation.scope else open_to
    text = f"{operation.summary}.\n\n{operation.description}".strip()
    return f"{text}\n\nREST: {operation.method} {operation.path}. {scope}"


def whole_of(fields: Sequence[Field]) -> Field | None:
    """The only field of a response, if that is all of the JSON."""
    return fields[0] if len(fields) == 1 and fields[0].json_name == "" else None


def struct_type(expected: object) -> type[msgspec.Struct]:
    """A wire struct."""
    return cast("type[msgspec.Struct]", expected)
