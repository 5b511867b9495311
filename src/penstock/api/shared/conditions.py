"""Entity tags: reads that cost nothing if nothing changed, and changes that overwrite nothing unseen (RFC 9110, 8.8.3 and 13.1).

Every GET of a single thing that a PATCH or PUT of the same path changes has a strong `ETag`, and `If-None-Match` is answered with
304. The changes, and a DELETE of the same path, accept `If-Match`: the current state is read in the transaction of the change, so
that nothing can come between the two.

A tag has two parts. The first is of the fields that calls change, the second of those that the server observes, such as when a
device was last seen. `If-None-Match` compares both, `If-Match` only the first: no call overwrites what the server observes, and
a device that reports every second could otherwise never be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.kit.http import JSON_TYPE, PreconditionFailed, Scope, header
from penstock.kit.operation import Bound, Operation

OBSERVED = frozenset(
    {
        "agent_version",
        "connectivity",
        "devices",
        "errors",
        "evaluation_errors",
        "failing_since",
        "failures",
        "last_error",
        "last_error_at",
        "last_evaluation_error",
        "last_evaluation_error_at",
        "last_message_at",
        "last_raised_at",
        "last_seen_at",
        "last_sent_at",
        "last_used_at",
        "last_used_from",
        "link",
        "malformed",
        "messages",
        "next_at",
        "operatingstatus",
        "paused_until",
        "queued",
        "recovery_codes_left",
        "under_way",
        "used_from",
    }
)
"""Fields that the server changes without a call: they do not belong to what a change can overwrite."""
CHANGES = ("PATCH", "PUT", "DELETE")
_GZIP_SUFFIX = "-gzip"
"""Ends the tag of a compressed response, because a strong tag names exact bytes (RFC 9110, 8.8.3.3)."""
_IF_MATCH = {"If-Match": "The `ETag` of the version to change. If it is no longer the current one, the response is 412."}
_IF_NONE_MATCH = {"If-None-Match": "An `ETag`. If it is still the current one, the response is 304, without a body."}
Readers = Mapping[str, Bound]
"""The operations whose responses have a tag, by path."""


def readers_of(bound: Iterable[Bound]) -> Readers:
    """The GET of each path that a PATCH or PUT changes. A file, such as a logo, has no tag: those are of JSON objects."""
    methods: dict[str, dict[str, Bound]] = {}
    for one in bound:
        methods.setdefault(one.operation.path, {})[one.operation.method] = one
    reads = {path: found["GET"] for path, found in methods.items() if "GET" in found and {"PATCH", "PUT"} & found.keys()}
    return {path: read for path, read in reads.items() if read.operation.media_type.encode() == JSON_TYPE}


def with_conditions(bound: Sequence[Bound], readers: Readers) -> list[Bound]:
    """The same operations; the headers of those that have conditions name them."""
    return [msgspec.structs.replace(one, operation=_with_conditions(one.operation, readers)) for one in bound]


def _with_conditions(operation: Operation, readers: Readers) -> Operation:
    if operation.path not in readers:
        return operation
    added = _IF_NONE_MATCH if operation.method == "GET" else _IF_MATCH if operation.method in CHANGES else {}
    return msgspec.structs.replace(operation, headers={**operation.headers, **added})


def etag_of(body: bytes) -> str:
    """The tag of a JSON object, with its quotation marks."""
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    observed = b"".join(bytes(value) for name, value in fields.items() if name in OBSERVED)
    written = b"".join(b"%b=%b;" % (name.encode(), value) for name, value in fields.items() if name not in OBSERVED)
    return f'"{_digest(written)}.{_digest(observed)}"'


def compressed_etag(tag: bytes) -> bytes:
    """The tag of the same content, compressed."""
    return tag[:-1] + _GZIP_SUFFIX.encode() + b'"'


def is_unchanged(scope: Scope, tag: str) -> bool:
    """Whether the caller already has the current version."""
    named = header(scope, b"if-none-match")
    return named is not None and _lists(named, tag, _whole)


def has_conditions(scope: Scope) -> bool:
    """Whether a change depends on the current version."""
    return any(key in (b"if-match", b"if-none-match") for key, _ in scope["headers"])


def check_conditions(scope: Scope, tag: str | None) -> None:
    """Check the conditions of a change. `tag` is that of the current version; None if there is none.

    Raises:
        PreconditionFailed: one of them does not hold.
    """
    expected, excluded = header(scope, b"if-match"), header(scope, b"if-none-match")
    if expected is not None and (tag is None or not _lists(expected, tag, _written)):
        raise PreconditionFailed(header="If-Match")
    if excluded is not None and tag is not None and _lists(excluded, tag, _written):
        raise PreconditionFailed(header="If-None-Match")


def _lists(value: bytes, tag: str, part: Any) -> bool:
    text = value.decode("latin-1").strip()
    return text == "*" or part(tag) in {part(one.strip()) for one in text.split(",")}


def _whole(tag: str) -> str:
    # Proxies that compress mark tags as weak. `If-None-Match` compares weakly (RFC 9110, 13.1.2).
    return tag.removeprefix("W/").strip('"').removesuffix(_GZIP_SUFFIX)


def _written(tag: str) -> str:
    return _whole(tag).partition(".")[0]


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()
