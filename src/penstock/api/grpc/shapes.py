"""What the fields of wire structs are in Protocol Buffers.

Shape: a string, number, boolean, time or JSON value is `Plain`; words are a `Choice`, an enum; a struct is a `Record`, a message;
one of several tagged structs is a `OneOf`, a message with a oneof; a list or an object of any of these is `Many` or `Mapped`.
What has no such form, such as a list of lists or a number that can be a string, is a `google.protobuf.Value`. Source:
protobuf.dev, language guide (proto 3) and ProtoJSON mapping.
"""

from __future__ import annotations

import functools
import inspect
import keyword
import re
import types
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeAlias, Union, get_args, get_origin

import msgspec
import msgspec.inspect as mi

from penstock.api.shared.openapi.parameters import MOMENTS
from penstock.api.shared.openapi.schemas import is_sent_time, is_time


class Kind(StrEnum):
    """The types that have no further structure; the values are the names in a .proto file."""

    STRING = "string"
    INTEGER = "int64"
    NUMBER = "double"
    BOOLEAN = "bool"
    BYTES = "bytes"
    TIME = "google.protobuf.Timestamp"
    OBJECT = "google.protobuf.Struct"
    VALUE = "google.protobuf.Value"
    MASK = "google.protobuf.FieldMask"


class Plain(msgspec.Struct, frozen=True):
    """A value without structure."""

    kind: Kind


class Choice(msgspec.Struct, frozen=True):
    """One of several words."""

    words: tuple[str, ...]


class Record(msgspec.Struct, frozen=True):
    """A struct."""

    struct: Any


class OneOf(msgspec.Struct, frozen=True):
    """One of several structs. In JSON their field `tag_field` says which."""

    tag_field: str
    members: tuple[Record, ...]


Single: TypeAlias = Plain | Choice | Record | OneOf


class Many(msgspec.Struct, frozen=True):
    """A list."""

    of: Single


class Mapped(msgspec.Struct, frozen=True):
    """An object with any names."""

    of: Single


Shape: TypeAlias = Single | Many | Mapped


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field: its name in JSON and in the message, and its shape.

    `optional`: that it is absent says something else than its default. `nullable`: null is a value of its own. `about` is for
    readers.
    """

    json_name: str
    name: str
    shape: Shape
    required: bool = False
    nullable: bool = False
    about: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether the field needs the word `optional`: messages and lists know without it whether they are set."""
        return not self.required and (
            isinstance(self.shape, Choice) or (isinstance(self.shape, Plain) and self.shape.kind in _SCALARS)
        )


_TEXT = Plain(Kind.STRING)
_SCALARS = frozenset({Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.BYTES})
_SYMBOLS = {
    ">": "GREATER",
    ">=": "GREATER_OR_EQUAL",
    "<": "LESS",
    "<=": "LESS_OR_EQUAL",
    "==": "EQUAL",
    "!=": "NOT_EQUAL",
}
_WORD = re.compile(r"-?[A-Za-z][A-Za-z0-9_. -]*")
_UNITS = (
    ("_us", "Microseconds."),
    ("_ms", "Milliseconds."),
    ("_min", "Minutes."),
    ("_days", "Days."),
    ("_bytes", "Bytes."),
    ("_kib", "Kibibytes."),
    ("_pct", "Per cent."),
    ("_percent", "Per cent."),
    ("_m3", "Cubic metres."),
    ("_km", "km."),
    ("_mv", "Millivolts."),
    ("_dbm", "dBm."),
    ("_hz", "Hertz."),
    ("_s", "Seconds."),
    ("_m", "Metres."),
)


def tag_of(struct: type) -> str | None:
    """What a tagged struct is called in JSON; None if it has no tag."""
    tag = struct.__struct_config__.tag  # type: ignore[attr-defined]
    return None if tag is None else str(tag)


def struct_of(record: Record) -> type[msgspec.Struct]:
    """The class of a record, without its type arguments."""
    return get_origin(record.struct) or record.struct  # type: ignore[no-any-return]


@functools.cache
def fields_of(record: Record, *, in_query: bool = False) -> tuple[Field, ...]:
    """The fields of a struct; in a query, more of the strings are times."""
    found = mi.type_info(record.struct)
    assert isinstance(found, mi.StructType)
    return tuple(_field(field, in_query=in_query) for field in found.fields)


def shape_of(expected: Any, name: str = "") -> Shape:
    """The shape of a type. `name` is that of its field, because some of them say that a string is a time."""
    if get_origin(expected) in (Union, types.UnionType):
        return _of_union([mi.type_info(member) for member in get_args(expected)], name)
    return _shape(mi.type_info(expected), name)


def proto_name(json_name: str, shape: Shape = _TEXT, form: str = "") -> str:
    """The name of a field in a message: in snake case, and no keyword of a language that code is generated for.

    A time from which or to which something is says that it is one, and a day too.
    """
    if json_name in ("from", "to") and (shape == Plain(Kind.TIME) or form == "date"):
        return f"{json_name}_{'day' if form == 'date' else 'time'}"
    plain = re.sub(r"[^A-Za-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", json_name)).lower().strip("_")
    return f"{plain}_value" if keyword.iskeyword(plain) or plain in _TAKEN else plain


_TAKEN = frozenset({"descriptor"})


def value_name(word: str) -> str:
    """The name of a word in an enum, without the prefix of the enum."""
    if word in _SYMBOLS:
        return _SYMBOLS[word]
    name = re.sub(r"[^A-Za-z0-9]+", "_", word).strip("_").upper()
    return f"{name}_DESCENDING" if word.startswith("-") else name


def _field(field: mi.Field, *, in_query: bool) -> Field:
    json_name = field.encode_name
    members = field.type.types if isinstance(field.type, mi.UnionType) else (field.type,)
    shape = _shape(field.type, json_name)
    if in_query and shape == _TEXT and json_name in MOMENTS:
        shape = Plain(Kind.TIME)
    name = proto_name(json_name, shape, _form(field.type))
    about = _about(field)
    return Field(
        json_name=json_name,
        name=name,
        shape=shape,
        required=field.required and not any(isinstance(member, mi.NoneType) for member in members),
        nullable=any(isinstance(member, mi.NoneType) for member in members),
        about=(*about, f"In JSON `{json_name}`.") if name != json_name else tuple(about),
    )


def _form(found: mi.Type) -> str:
    """The format that the description of a string states, such as `date`."""
    if isinstance(found, mi.UnionType):
        return next(filter(None, map(_form, found.types)), "")
    return str((found.extra_json_schema or {}).get("format", "")) if isinstance(found, mi.Metadata) else ""


def _shape(found: mi.Type, name: str) -> Shape:
    if isinstance(found, mi.Metadata):
        return _of_metadata(found, name)
    if isinstance(found, mi.UnionType):
        return _of_union(found.types, name)
    if isinstance(found, mi.StructType):
        return Record(found.cls)
    if isinstance(found, mi.CollectionType):
        of = _shape(found.item_type, name)
        return Plain(Kind.VALUE) if isinstance(of, Many | Mapped) else Many(of)
    if isinstance(found, mi.DictType):
        of = _shape(found.value_type, "")
        if of == Plain(Kind.VALUE) or isinstance(of, Many | Mapped):
            return _of_nested(of) if isinstance(of, Many | Mapped) else Plain(Kind.OBJECT)
        return Mapped(of)
    return _of_scalar(found, name)


def _of_nested(of: Many | Mapped) -> Shape:
    """An object of objects keeps its names; lists in it are values."""
    return Mapped(Plain(Kind.OBJECT)) if isinstance(of, Mapped) else Mapped(Plain(Kind.VALUE))


def _of_metadata(found: mi.Metadata, name: str) -> Shape:
    schema = found.extra_json_schema or {}
    if "enum" in schema and all(isinstance(word, str) and _named(word) for word in schema["enum"]):
        return Choice(tuple(schema["enum"]))
    if "format" in schema:
        return Plain(Kind.TIME if schema["format"] == "date-time" else Kind.STRING)
    kinds = {
        "string": Kind.STRING,
        "integer": Kind.INTEGER,
        "number": Kind.NUMBER,
        "boolean": Kind.BOOLEAN,
        "object": Kind.OBJECT,
    }
    if isinstance(found.type, mi.RawType) and "type" in schema:
        return Plain(kinds.get(schema["type"], Kind.VALUE) if isinstance(schema["type"], str) else Kind.VALUE)
    return _shape(found.type, name)


def _of_union(options: Sequence[mi.Type], name: str) -> Shape:
    present = [one for one in options if not isinstance(one, mi.NoneType)]
    shapes = list(dict.fromkeys(shape for one in present for shape in _members(_shape(one, name))))
    if len(shapes) == 1:
        return shapes[0]
    if all(isinstance(shape, Record) for shape in shapes):
        return _of_structs([shape for shape in shapes if isinstance(shape, Record)])
    if Plain(Kind.OBJECT) in shapes and all(isinstance(one, Mapped) or one == Plain(Kind.OBJECT) for one in shapes):
        return Plain(Kind.OBJECT)
    # A time can be sent as a number too, which says nothing that a timestamp does not.
    if Plain(Kind.TIME) in shapes and is_sent_time(name):
        return Plain(Kind.TIME)
    return Plain(Kind.VALUE)


def _members(shape: Shape) -> tuple[Shape, ...]:
    """The shapes that a member of a union stands for: it can be a union itself."""
    return shape.members if isinstance(shape, OneOf) else (shape,)


def _of_structs(records: list[Record]) -> Shape:
    tags = {struct_of(record).__struct_config__.tag_field for record in records}
    if len(tags) != 1 or None in tags:
        return Plain(Kind.OBJECT)
    return OneOf(str(tags.pop()), tuple(records))


def _of_scalar(found: mi.Type, name: str) -> Shape:
    if isinstance(found, mi.StrType):
        return _of_string(found, name)
    if isinstance(found, mi.LiteralType | mi.EnumType):
        words = found.values if isinstance(found, mi.LiteralType) else [member.value for member in found.cls]
        if all(isinstance(word, str) and _named(word) for word in words):
            return Choice(tuple(map(str, words)))
        return Plain(Kind.INTEGER if all(isinstance(word, int) for word in words) else Kind.STRING)
    if isinstance(found, mi.RawType):
        return Plain(Kind.OBJECT)
    kinds = {mi.BoolType: Kind.BOOLEAN, mi.IntType: Kind.INTEGER, mi.FloatType: Kind.NUMBER, mi.BytesType: Kind.BYTES}
    return Plain(kinds.get(type(found), Kind.VALUE))


def _of_string(found: mi.StrType, name: str) -> Shape:
    words = re.fullmatch(r"\^\(([\w|]+)\)\$", found.pattern or "")
    if words:
        return Choice(tuple(words[1].split("|")))
    if found.pattern is None and found.min_length is None:
        limited = found.max_length is not None
        if is_sent_time(name) if limited else is_time(name):
            return Plain(Kind.TIME)
    return Plain(Kind.STRING)


def _named(word: str) -> bool:
    return word in _SYMBOLS or _WORD.fullmatch(word) is not None


def _about(field: mi.Field) -> list[str]:
    """What there is to say about a field: its unit, its bounds, its default."""
    name = field.encode_name
    numeric = _bounded(field.type)
    measured = numeric or (isinstance(field.type, mi.CollectionType) and _bounded(field.type.item_type))
    found = [text for ending, text in _UNITS if name.endswith(ending)][:1] if measured else []
    if numeric is not None:
        found += _bounds(numeric)
    default = field.default
    # That of a field which is not set is nothing to tell.
    if default in (msgspec.NODEFAULT, msgspec.UNSET) or isinstance(default, msgspec.Raw) or not default:
        return found
    return [*found, f"By default {msgspec.json.encode(msgspec.to_builtins(default)).decode()}."]


def _bounded(found: mi.Type) -> mi.IntType | mi.FloatType | None:
    if isinstance(found, mi.Metadata):
        return _bounded(found.type)
    if isinstance(found, mi.UnionType):
        numbers = [one for one in map(_bounded, found.types) if one is not None]
        return numbers[0] if len(numbers) == 1 else None
    return found if isinstance(found, mi.IntType | mi.FloatType) else None


def _bounds(found: mi.IntType | mi.FloatType) -> list[str]:
    words = {"ge": "At least", "gt": "More than", "le": "At most", "lt": "Less than"}
    return [f"{text} {value}." for name, text in words.items() if (value := getattr(found, name)) is not None]


def snake(name: str) -> str:
    """A name of a type as one of a field."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def words_about(struct: type) -> str:
    """The docstring of a struct."""
    return inspect.getdoc(struct) or ""
