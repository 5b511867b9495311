"""What Google Authenticator exports: `otpauth-migration://offline?data=…`, in one or several QR codes.

Shape: `data` is base64 of a protobuf message. Google has not documented it; its fields are the same in all published readers.

    Payload        1 repeated Parameters, 2 version, 3 batch size, 4 batch index (from 0), 5 batch id
    Parameters     1 secret, 2 name, 3 issuer, 4 algorithm (1 SHA1, 2 SHA256, 3 SHA512, 4 MD5),
                   5 digits (1 six, 2 eight), 6 type (1 HOTP, 2 TOTP), 7 counter

Source: the reconstructed definition in github.com/qistoph/otp_export, and google_auth.proto of Aegis.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache, partial
from typing import Any
from urllib.parse import unquote

from penstock.core.tokens.formats.entries import HOTP, Entry, Gatherer, checked
from penstock.kit.errors import InvalidInput

PREFIX = "otpauth-migration://"
MAX_URI = 8_192
"""Characters: a QR code has at most 4,296, of which each can be percent-encoded."""
MAX_BATCHES = 100
_ALGORITHMS = {0: "SHA1", 1: "SHA1", 2: "SHA256", 3: "SHA512"}
_DIGITS = {0: 6, 1: 6, 2: 8}
_HOTP, _TYPES = 1, (0, 2)
_LABELLED = ":"


class Batches:
    """The pictures of one or more exports that were seen, to find those that are missing."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[int, set[int]]] = {}
        self._contents: set[bytes] = set()

    def add(self, content: bytes) -> bool:
        """Whether this picture was not seen before. Its number says nothing, because some programs write the same into all."""
        is_new = content not in self._contents
        self._contents.add(content)
        return is_new

    def note(self, batch: int, size: int, index: int) -> None:
        """A picture is one of `size`."""
        self._seen.setdefault(batch, (size, set()))[1].add(index)

    def missing(self) -> list[tuple[int, int]]:
        """The pictures that are missing: the number of each, from 1, and how many there are."""
        return [
            (index + 1, size)
            for size, seen in self._seen.values()
            for index in range(min(size, MAX_BATCHES))
            if index not in seen
        ]


def is_migration(text: str) -> bool:
    """Whether a text is, by its beginning, such a URI."""
    return text[: len(PREFIX)].lower() == PREFIX


def take_migration(found: Gatherer, batches: Batches, uri: str, field: str) -> None:
    """Add the tokens of a URI; of one that was read before, nothing.

    Raises:
        InvalidInput: it is not valid, or there are too many tokens.
    """
    content = _data(uri.strip(), field)
    if not batches.add(content):
        return
    payload = _payload(content, field)
    batches.note(payload.batch_id, payload.batch_size, payload.batch_index)
    for one in payload.otp_parameters:
        found.attempt(one.name, partial(_entry, one))


def _entry(one: Any) -> Entry:
    if one.type == _HOTP:
        raise InvalidInput.field("", HOTP, "hotp")
    if one.type not in _TYPES:
        raise InvalidInput.field("", "has a kind that is not supported")
    issuer, account = one.issuer, one.name
    prefix, _, rest = one.name.partition(_LABELLED)
    # Of a scanned token the name is the whole label, so that the issuer would appear twice.
    if rest and (not issuer or prefix.strip().casefold() == issuer.strip().casefold()):
        issuer, account = issuer or prefix, rest
    return checked(
        seed=one.secret,
        issuer=issuer,
        account=account,
        algorithm=_ALGORITHMS.get(one.algorithm, ""),
        digits=_DIGITS.get(one.digits, 0),
        period_s=30,
    )


def _payload(content: bytes, field: str) -> Any:
    """The message of these bytes.

    Raises:
        InvalidInput: it is not one, or has no token.
    """
    from google.protobuf.message import DecodeError  # here, because the import takes 20 ms

    message = _message_class()()
    try:
        message.ParseFromString(content)
    except DecodeError:
        raise InvalidInput.field(field, "must be a complete export of Google Authenticator") from None
    if not message.otp_parameters:
        raise InvalidInput.field(field, "must be an export of Google Authenticator with at least one token")
    return message


def _data(uri: str, field: str) -> bytes:
    if len(uri) > MAX_URI:
        raise InvalidInput.field(field, f"must have at most {MAX_URI:,} characters", "too_large")
    query = uri.partition("?")[2].partition("#")[0]
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "data":
            # Some programs leave the plus signs of base64 as they are, and others make spaces of them.
            text = unquote(value).replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
            try:
                return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
            except (binascii.Error, ValueError):
                break
    raise InvalidInput.field(field, f"must be {PREFIX}offline?data= and base64")


@cache
def _message_class() -> Any:
    """The class of the message. It is described here, so that no generated code is needed."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    number, text, blob, enum, of_type = (descriptor_pb2.FieldDescriptorProto.Type.Value(f"TYPE_{name}") for name in _KINDS)
    file = descriptor_pb2.FileDescriptorProto(name="penstock/migration.proto", package="penstock.migration", syntax="proto3")
    parameters = file.message_type.add(name="Parameters")
    names = ("secret", "name", "issuer", "algorithm", "digits", "type", "counter")
    for place, (name, kind) in enumerate(zip(names, (blob, text, text, *[enum] * 3, number), strict=True), 1):
        parameters.field.add(name=name, number=place, type=kind, label="LABEL_OPTIONAL")
    payload = file.message_type.add(name="Payload")
    payload.field.add(
        name="otp_parameters", number=1, type=of_type, label="LABEL_REPEATED", type_name=".penstock.migration.Parameters"
    )
    for place, name in enumerate(("version", "batch_size", "batch_index", "batch_id"), 2):
        payload.field.add(name=name, number=place, type=enum, label="LABEL_OPTIONAL")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("penstock.migration.Payload"))


_KINDS = ("INT64", "STRING", "BYTES", "INT32", "MESSAGE")
"""The types of fields, in the order in which they are used. An enumeration is read as its number."""
