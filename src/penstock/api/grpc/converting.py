"""Converts between the JSON of operations and messages.

A message is built from the keyword arguments of its class, nested ones as dictionaries, which protobuf's own C code reads: that
is several times faster than setting its fields one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, EnumDescriptor
from google.protobuf.message import Message

from penstock.api.grpc.descriptors import well_known
from penstock.api.grpc.shapes import (
    Choice,
    Field,
    Kind,
    Many,
    Mapped,
    OneOf,
    Plain,
    Record,
    Single,
    fields_of,
    proto_name,
    snake,
    struct_of,
    tag_of,
    value_name,
)
from penstock.kit.clock import SECOND_US, format_time, parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.strict_json import MAX_DEPTH

Read: TypeAlias = Callable[[Any], Any]
"""Converts a value of a message to JSON, or a value of JSON to what a message is built from."""
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999, which RFC 3339 can write."""
_EXACT = 2.0**53


class ToJson:
    """Reads messages of one type: what their fields have, as JSON."""

    def __init__(self, fields: Sequence[Field], descriptor: Descriptor) -> None:
        self._readers = [_field_reader(field, descriptor) for field in fields]

    def __call__(self, message: Message) -> dict[str, Any]:
        """The fields that are set.

        Raises:
            InvalidInput: an enum has a number without a meaning, or a time is out of range.
        """
        out: dict[str, Any] = {}
        for read in self._readers:
            read(message, out)
        return out


class FromJson:
    """Builds what a message of one type is made from."""

    def __init__(self, fields: Sequence[Field], descriptor: Descriptor) -> None:
        self._writers = [(field.json_name, field.name, _writer(field, descriptor)) for field in fields]

    def __call__(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The keyword arguments for the message; null is a field that is not set."""
        out: dict[str, Any] = {}
        for json_name, name, write in self._writers:
            found = value.get(json_name)
            if found is not None:
                out[name] = write(found)
        return out


# ── messages to JSON ──


def _field_reader(field: Field, descriptor: Descriptor) -> Callable[[Message, dict[str, Any]], None]:
    name, json_name, shape = field.name, field.json_name, field.shape
    if isinstance(shape, Many):
        return _many_reader(name, json_name, _reader(shape.of, descriptor, field))
    if isinstance(shape, Mapped):
        return _map_reader(name, json_name, _reader(shape.of, descriptor, field))
    read = _reader(shape, descriptor, field)
    if isinstance(shape, Choice):
        return _choice_reader(name, json_name, read)
    if field.required and not _is_message(shape):
        return _required_reader(name, json_name, read)

    def optional(message: Message, out: dict[str, Any]) -> None:
        if message.HasField(name):
            out[json_name] = read(getattr(message, name))

    return optional


def _is_message(shape: Single) -> bool:
    return isinstance(shape, Record | OneOf) or (
        isinstance(shape, Plain) and shape.kind in (Kind.TIME, Kind.OBJECT, Kind.VALUE, Kind.MASK)
    )


def _many_reader(name: str, json_name: str, read: Read) -> Callable[[Message, dict[str, Any]], None]:
    def many(message: Message, out: dict[str, Any]) -> None:
        if values := getattr(message, name):
            out[json_name] = [read(value) for value in values]

    return many


def _map_reader(name: str, json_name: str, read: Read) -> Callable[[Message, dict[str, Any]], None]:
    def mapped(message: Message, out: dict[str, Any]) -> None:
        if values := getattr(message, name):
            out[json_name] = {key: read(values[key]) for key in values}

    return mapped


def _choice_reader(name: str, json_name: str, read: Read) -> Callable[[Message, dict[str, Any]], None]:
    def choice(message: Message, out: dict[str, Any]) -> None:
        if number := getattr(message, name):
            out[json_name] = read(number)

    return choice


def _required_reader(name: str, json_name: str, read: Read) -> Callable[[Message, dict[str, Any]], None]:
    def required(message: Message, out: dict[str, Any]) -> None:
        out[json_name] = read(getattr(message, name))

    return required


def _reader(shape: Single, descriptor: Descriptor, field: Field) -> Read:
    if isinstance(shape, Plain):
        return _reader_of_kind(shape.kind, field)
    if isinstance(shape, Choice):
        return _word_reader(shape, _enum_of(descriptor, field), field)
    if isinstance(shape, OneOf):
        return _union_reader(shape, _message_of(descriptor, field), field)
    return _record_reader(shape, _message_of(descriptor, field))


def _record_reader(record: Record, descriptor: Descriptor) -> Read:
    # Only when the first such message comes, because messages can contain others of their own type.
    made: list[ToJson] = []
    tag, tag_field = tag_of(struct_of(record)), struct_of(record).__struct_config__.tag_field

    def read(message: Message) -> dict[str, Any]:
        if not made:
            made.append(ToJson(fields_of(record), descriptor))
        out = made[0](message)
        return {str(tag_field): tag, **out} if tag is not None else out

    return read


def _union_reader(union: OneOf, descriptor: Descriptor, field: Field) -> Read:
    of_name = {
        proto_name(tag_of(struct_of(member)) or ""): _record_reader(
            member, descriptor.fields_by_name[proto_name(tag_of(struct_of(member)) or "")].message_type
        )
        for member in union.members
    }
    oneof = proto_name(union.tag_field)

    def read(message: Message) -> dict[str, Any]:
        which = message.WhichOneof(oneof)
        if which is None:
            raise InvalidInput.field(field.name, f"is required; set one of {', '.join(of_name)}", "missing")
        return of_name[which](getattr(message, which))  # type: ignore[no-any-return]

    return read


def _word_reader(choice: Choice, enum: EnumDescriptor, field: Field) -> Read:
    prefix = f"{snake(enum.name).upper()}_"
    of_number = {enum.values_by_name[prefix + value_name(word)].number: word for word in choice.words}

    def read(number: int) -> str:
        word = of_number.get(number)
        if word is None:
            raise InvalidInput.field(field.name, f"has no value with the number {number}")
        return word

    return read


def _reader_of_kind(kind: Kind, field: Field) -> Read:
    if kind is Kind.TIME:
        return lambda time: _time_text(time, field)
    if kind is Kind.OBJECT:
        return lambda found: object_of(found, field.name)
    if kind is Kind.VALUE:
        return lambda found: value_of(found, field.name)
    if kind is Kind.NUMBER:  # JSON would have null for one that is not finite, which is another value
        return lambda found: _finite(found, field.name)
    return lambda found: found


def _time_text(time: Any, field: Field) -> str:
    seconds, nanos = time.seconds, time.nanos
    if not (_FIRST_S <= seconds <= _LAST_S and 0 <= nanos < 1_000_000_000):
        raise InvalidInput.field(field.name, "must be between the years 1 and 9999")
    return format_time(seconds * SECOND_US + nanos // 1000)


def object_of(found: Any, name: str, depth: int = 0) -> dict[str, Any]:
    """A `Struct` as an object. `depth` is how many objects and lists it is in.

    Raises:
        InvalidInput: it is nested deeper than the JSON of a body can be, or has a number that JSON has not.
    """
    if depth >= MAX_DEPTH:
        raise _too_deep(name)
    out = {}
    fields = found.fields
    for key in fields:
        value = fields[key]
        # The usual kinds here, without a call: a batch has tens of thousands of them.
        kind = value.WhichOneof("kind")
        if kind == "number_value":
            number = value.number_value
            out[key] = int(number) if number.is_integer() and -_EXACT <= number <= _EXACT else _finite(number, name)
        elif kind == "string_value":
            out[key] = value.string_value
        else:
            out[key] = value_of(value, name, depth + 1)
    return out


def value_of(value: Any, name: str, depth: int = 0) -> Any:
    """A `Value` as JSON. Whole numbers are integers, as they are written without a fraction.

    Raises:
        InvalidInput: as for `object_of`.
    """
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and -_EXACT <= number <= _EXACT else _finite(number, name)
    if kind == "string_value":
        return value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        return object_of(value.struct_value, name, depth)
    if kind == "list_value":
        if depth >= MAX_DEPTH:
            raise _too_deep(name)
        return [value_of(one, name, depth + 1) for one in value.list_value.values]
    return None


def _too_deep(name: str) -> InvalidInput:
    # No deeper than bodies of HTTP: a level of objects is three levels of messages, and most languages read at most 100.
    return InvalidInput.field(name, f"must not be nested deeper than {MAX_DEPTH} levels", "depth")


def _finite(number: float, name: str) -> float:
    if not math.isfinite(number):
        raise InvalidInput.field(name, "must not contain a number that is not finite")
    return number


# ── JSON to what messages are built from ──


def _writer(field: Field, descriptor: Descriptor) -> Read:
    shape = field.shape
    if isinstance(shape, Many):
        write = _single_writer(shape.of, descriptor, field)
        return lambda values: [write(value) for value in values if value is not None]
    if isinstance(shape, Mapped):
        write = _single_writer(shape.of, descriptor, field)
        return lambda values: {key: write(value) for key, value in values.items() if value is not None}
    return _single_writer(shape, descriptor, field)


def _single_writer(shape: Single, descriptor: Descriptor, field: Field) -> Read:
    if isinstance(shape, Plain):
        return _WRITERS.get(shape.kind, _same)
    if isinstance(shape, Choice):
        prefix = f"{snake(_enum_of(descriptor, field).name).upper()}_"
        values = _enum_of(descriptor, field).values_by_name
        numbers = {word: values[prefix + value_name(word)].number for word in shape.words}
        return numbers.__getitem__
    message = _message_of(descriptor, field)
    return _union_writer(shape, message) if isinstance(shape, OneOf) else _record_writer(shape, message)


def _record_writer(record: Record, descriptor: Descriptor) -> Read:
    made: list[FromJson] = []

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        if not made:
            made.append(FromJson(fields_of(record), descriptor))
        return made[0](value)

    return write


def _union_writer(union: OneOf, descriptor: Descriptor) -> Read:
    of_tag = {}
    for member in union.members:
        tag = tag_of(struct_of(member)) or ""
        name = proto_name(tag)
        of_tag[tag] = (name, _record_writer(member, descriptor.fields_by_name[name].message_type))

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        name, convert = of_tag[value[union.tag_field]]
        return {name: convert(value)}

    return write


def _same(value: Any) -> Any:
    return value


def _time(text: str) -> dict[str, int]:
    seconds, micros = divmod(parse_time(text), SECOND_US)
    return {"seconds": seconds, "nanos": micros * 1000}


_struct, _list = (message_factory.GetMessageClass(well_known(f"google.protobuf.{name}")) for name in ("Struct", "ListValue"))


def struct_from(value: Mapping[str, Any]) -> Message:
    """A `Struct`."""
    # As messages: of a dictionary, only some versions of protobuf know in some places whether it is the object or its fields.
    return _struct(fields={key: value_from(one) for key, one in value.items()})


def value_from(value: Any) -> dict[str, Any]:
    """What a `Value` is built from."""
    if isinstance(value, str):
        return {"string_value": value}
    if isinstance(value, bool):
        return {"bool_value": value}
    if isinstance(value, int | float):
        return {"number_value": value}
    if value is None:
        return {"null_value": 0}
    if isinstance(value, Mapping):
        return {"struct_value": struct_from(value)}
    return {"list_value": _list(values=[value_from(one) for one in value])}


_WRITERS: dict[Kind, Read] = {Kind.TIME: _time, Kind.OBJECT: struct_from, Kind.VALUE: value_from}


def _message_of(descriptor: Descriptor, field: Field) -> Descriptor:
    """The type of the messages in a field; in a map, of its values."""
    found = descriptor.fields_by_name[field.name].message_type
    return found.fields_by_name["value"].message_type if isinstance(field.shape, Mapped) else found


def _enum_of(descriptor: Descriptor, field: Field) -> EnumDescriptor:
    found = descriptor.fields_by_name[field.name]
    return found.message_type.fields_by_name["value"].enum_type if isinstance(field.shape, Mapped) else found.enum_type


def names_in(paths: Iterable[str]) -> list[str]:
    """The fields named in a mask, each once."""
    return list(dict.fromkeys(paths))
