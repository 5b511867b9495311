"""Wire structs as JSON Schema.

msgspec's own generator does not support everything used here: unions of structs without a tag, raw JSON and its defaults, plain
`object`. The types are read with `msgspec.inspect`, so bounds and wire names are the decoder's.
Source: OpenAPI 3.1.0, section 4.8.24 (schema objects are JSON Schema 2020-12), component names as in section 4.8.7.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

import msgspec
import msgspec.inspect as mi

Schema = dict[str, Any]
NULL: Schema = {"type": "null"}
FREE_OBJECT: Schema = {"type": "object", "additionalProperties": True, "description": "A JSON object of any content."}
_TIME = re.compile(r"(?:\w+_)?(?:at|since|until)|time|ts|start|end|hour")
"""Names of fields that are times if their type is a string without bounds: all such are RFC 3339. Others say so in their type."""
_SENT_TIME = re.compile(r"\w+_at|from|to|since|until|time|timestamp")
"""Names of fields of requests that are times, unless their type says more. A number is epoch seconds or milliseconds."""
_BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_STRING_BOUNDS = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}
_LIST_BOUNDS = {"min_length": "minItems", "max_length": "maxItems"}
_DICT_BOUNDS = {"min_length": "minProperties", "max_length": "maxProperties"}


class Schemas:
    """Schemas of types. Structs become components, each once, and are referenced.

    A string with `Meta(extra={"choice": name})` accepts the words that `choices` has under this name.
    """

    def __init__(self, choices: Mapping[str, Sequence[str]] | None = None) -> None:
        self._choices = choices or {}
        self.components: dict[str, Schema] = {}
        self._names: dict[Any, str] = {}

    def for_type(self, requested: Any, prefix: str = "") -> Schema:
        """The schema of a type. Structs that are new here get a component name with this prefix."""
        if get_origin(requested) in (Union, types.UnionType):
            return _any_of([self.for_type(member, prefix) for member in get_args(requested)])
        return self._schema(mi.type_info(requested), prefix)

    def add(self, name: str, schema: Schema) -> Schema:
        """Add a component that is not created from a struct; returns the reference to it."""
        self.components[name] = schema
        return {"$ref": f"#/components/schemas/{name}"}

    def fields(self, struct: type[msgspec.Struct], prefix: str = "") -> Iterable[tuple[mi.Field, Schema]]:
        """The fields of a struct with their schemas, defaults included."""
        found = mi.type_info(struct)
        assert isinstance(found, mi.StructType)
        return [(field, self._field(field, prefix)) for field in found.fields]

    def _schema(self, found: mi.Type, prefix: str) -> Schema:
        if isinstance(found, mi.Metadata):
            return self._annotated(found, prefix)
        if isinstance(found, mi.StructType):
            return {"$ref": f"#/components/schemas/{self._component(found, prefix)}"}
        if isinstance(found, mi.UnionType):
            return _any_of([self._schema(member, prefix) for member in found.types])
        if isinstance(found, mi.CollectionType):
            return {"type": "array", "items": self._schema(found.item_type, prefix)} | _bounds(found, _LIST_BOUNDS)
        if isinstance(found, mi.DictType):
            return self._dict(found, prefix)
        return _scalar(found)

    def _annotated(self, found: mi.Metadata, prefix: str) -> Schema:
        choice = (found.extra or {}).get("choice")
        if choice is not None:
            return {"type": "string", "enum": sorted(self._choices[choice])}
        more = found.extra_json_schema or {}
        if "title" in more and isinstance(found.type, mi.UnionType):
            return self._discriminated(more["title"], found.type, prefix)
        # A description of another type replaces that of raw JSON, or of a string of which there is more to say.
        return ({} if more.keys() & {"type", "anyOf"} else self._schema(found.type, prefix)) | more

    def _discriminated(self, title: str, union: mi.UnionType, prefix: str) -> Schema:
        """A union of structs with different tags, as a component with a discriminator."""
        members = list(_structs(union))
        tags = {one.tag_field for one in members}
        if len(tags) != 1 or None in tags:
            raise TypeError(f"the members of {title} do not differ in the value of one field")
        references = {str(one.tag): f"#/components/schemas/{self._component(one, prefix)}" for one in members}
        made = {
            "oneOf": [{"$ref": reference} for reference in references.values()],
            "discriminator": {"propertyName": tags.pop(), "mapping": references},
        }
        name = prefix + title
        if self.components.get(name, made) != made:
            raise ValueError(f"two schemas have the name {name}")
        return self.add(name, made)

    def _dict(self, found: mi.DictType, prefix: str) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": self._schema(found.value_type, prefix)}
        names = self._schema(found.key_type, prefix)
        names.pop("type", None)
        if names:
            schema["propertyNames"] = names
        return schema | _bounds(found, _DICT_BOUNDS)

    def _component(self, found: mi.StructType, prefix: str) -> str:
        name = self._names.get(found.cls)
        if name is None:
            name = self._names[found.cls] = self._free_name(found.cls, prefix)
            self.components[name] = {}  # reserved before the fields are read, because they can refer to this struct
            self.components[name] = self._struct(found, prefix)
        return name

    def _free_name(self, cls: Any, prefix: str) -> str:
        origin = get_origin(cls) or cls
        words = [origin.__name__, *(self._argument(argument, prefix) for argument in get_args(cls))]
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", "_".join(words))
        # The short name first, because most names are unique and client generators use them as class names.
        for candidate in (prefix + name, f"{prefix}{prefix_of(_noun(origin, prefix))}{name}"):
            # Some generators write a file per class, and some systems of files know no case.
            if candidate.lower() not in map(str.lower, self.components):
                return candidate
        raise ValueError(f"two structs have the name {candidate}")

    def _argument(self, argument: Any, prefix: str) -> str:
        """The name of a type argument in that of a generic struct: if it is a struct, that of its component."""
        if isinstance(argument, type) and issubclass(argument, msgspec.Struct):
            place: str = self.for_type(argument, prefix)["$ref"]
            return place.rpartition("/")[2].removeprefix(prefix)
        return getattr(argument, "__name__", str(argument))

    def _struct(self, found: mi.StructType, prefix: str) -> Schema:
        schema: Schema = {"type": "object"}
        description = inspect.getdoc(get_origin(found.cls) or found.cls)
        if description:
            schema["description"] = _prose(description)
        tag: Schema = {found.tag_field: {"type": "string", "const": found.tag}} if found.tag_field else {}
        schema["properties"] = tag | {field.encode_name: self._field(field, prefix) for field in found.fields}
        required = [*tag, *(field.encode_name for field in found.fields if field.required)]
        if required:
            schema["required"] = required
        # Only then: otherwise unknown fields are ignored, and a strict client-side validator would reject valid input.
        if found.forbid_unknown_fields:
            schema["additionalProperties"] = False
        return schema

    def _field(self, field: mi.Field, prefix: str) -> Schema:
        schema = self._schema(field.type, prefix)
        if _TIME.fullmatch(field.encode_name):
            schema = _as_time(schema)
        if _SENT_TIME.fullmatch(field.encode_name):
            schema = _as_sent_time(schema)
        default = field.default
        if field.default_factory in (list, dict):
            default = field.default_factory()
        # A struct's own fields have their defaults, and generators cannot write a constant of a class.
        if isinstance(default, msgspec.Struct):
            return schema
        # The value that represents an omitted field inside the program is not one that a client would send.
        if default in (None, msgspec.NODEFAULT, msgspec.UNSET) or isinstance(default, msgspec.Raw):
            return schema
        return schema | _default(schema, msgspec.to_builtins(default))


def _default(schema: Schema, value: Any) -> Schema:
    """The default of a field. Generators cannot write that of a field of several types: it is described in words."""
    if "anyOf" not in schema and None not in schema.get("enum", ()):
        return {"default": value}
    words = f"By default `{msgspec.json.encode(value).decode()}`."
    return {"description": f"{schema['description']} {words}" if "description" in schema else words}


def is_time(name: str) -> bool:
    """Whether a string without bounds is a time if a field has this name."""
    return _TIME.fullmatch(name) is not None


def is_sent_time(name: str) -> bool:
    """Whether a string with no bounds but a maximum length is a time if a field of a request has this name."""
    return _SENT_TIME.fullmatch(name) is not None


def prefix_of(word: str) -> str:
    """What distinguishes the schemas of a surface or a noun. Without a dot, which is a package to some generators of clients."""
    return word.title().replace("_", "")


def _as_time(schema: Schema) -> Schema:
    """The schema of a time in a response."""
    if schema in ({"type": "string"}, {"type": ["string", "null"]}):
        return schema | {"format": "date-time"}
    if schema == {"type": "array", "items": {"type": "string"}}:
        return schema | {"items": {"type": "string", "format": "date-time"}}
    return schema


def _as_sent_time(schema: Schema) -> Schema:
    """The schema of a time in a request, where it has a maximum length and nothing else, or can be a number."""
    if schema.keys() == {"type", "maxLength"} and schema["type"] in ("string", ["string", "null"]):
        return schema | {"format": "date-time"}
    options = schema.get("anyOf", [])
    if {"type": "string"} in options and {"type": "integer"} in options:
        return schema | {"anyOf": [one | {"format": "date-time"} if one == {"type": "string"} else one for one in options]}
    return schema


def _noun(struct: type, prefix: str) -> str:
    """The part that distinguishes two structs with the same name: the noun, which is the folder; in a dialect, the module."""
    *_, folder, module = struct.__module__.split(".")
    return module if prefix else folder


def _structs(union: mi.UnionType) -> Iterable[mi.StructType]:
    """The members of a union, and of the unions in it."""
    for one in union.types:
        inner = one.type if isinstance(one, mi.Metadata) else one
        if isinstance(inner, mi.UnionType):
            yield from _structs(inner)
        else:
            assert isinstance(inner, mi.StructType)
            yield inner


def _scalar(found: mi.Type) -> Schema:
    if isinstance(found, mi.NoneType):
        return dict(NULL)
    if isinstance(found, mi.BoolType):
        return {"type": "boolean"}
    if isinstance(found, mi.IntType | mi.FloatType):
        return {"type": "integer" if isinstance(found, mi.IntType) else "number"} | _bounds(found, _BOUNDS)
    if isinstance(found, mi.StrType):
        return {"type": "string"} | _string_bounds(found)
    if isinstance(found, mi.BytesType):
        return {"type": "string", "contentEncoding": "base64"}
    if isinstance(found, mi.LiteralType):
        of_numbers = all(isinstance(value, int) for value in found.values)
        return {"type": "integer" if of_numbers else "string", "enum": list(found.values)}
    if isinstance(found, mi.EnumType):
        return {"type": "string", "enum": [member.value for member in found.cls]}
    if isinstance(found, mi.RawType):
        return dict(FREE_OBJECT)
    if isinstance(found, mi.AnyType) or (isinstance(found, mi.CustomType) and found.cls is object):
        return {"description": "Any JSON value."}
    raise TypeError(f"no schema for {found}")


def _any_of(options: list[Schema]) -> Schema:
    """One of several; raw JSON together with an object is an object of any content."""
    options = [inner for one in options for inner in (one["anyOf"] if one.keys() == {"anyOf"} else [one])]
    if FREE_OBJECT in options:
        options = [one for one in options if one == FREE_OBJECT or one.get("type") != "object"]
    if {"type": "number"} in options:
        options = [one for one in options if one != {"type": "integer"}]  # which are numbers
    if len(options) == 1:
        return options[0]
    # A reference has no type to which null could be added, so it remains one of two options. An object does too, because some
    # generators of clients accept fields only in a schema whose one type is `object`.
    if len(options) == 2 and options[1] == NULL and options[0].get("type") not in (None, "object"):
        return _nullable(options[0])
    return {"anyOf": options}


def _nullable(schema: Schema) -> Schema:
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | values


def _string_bounds(found: mi.StrType) -> Schema:
    """The bounds of a string; a pattern that is only a choice of words becomes an enum."""
    words = re.fullmatch(r"\^\(([\w|]+)\)\$", found.pattern or "")
    return {"enum": words[1].split("|")} if words else _bounds(found, _STRING_BOUNDS)


def _bounds(found: Any, words: dict[str, str]) -> Schema:
    return {word: value for name, word in words.items() if (value := getattr(found, name)) is not None}


def _prose(docstring: str) -> str:
    """A docstring as Markdown: its house lines (`Units:` and similar) become separate paragraphs."""
    return re.sub(r"\n[ \n]*(?=(Shape|Units|Source): )", "\n\n", docstring)
