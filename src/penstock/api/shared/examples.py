"""Examples of wire structs, completed by their fields."""

from __future__ import annotations

from typing import Any

import msgspec
import msgspec.inspect as mi


def example_of(struct: type[msgspec.Struct], values: dict[str, Any]) -> dict[str, Any]:
    """An example of a struct in the order of its fields. A field that `values` lacks shows its own example, if it has one.

    A field has it from its type: `Annotated[str, Meta(examples=["2.4.1"])]`.
    """
    found = mi.type_info(struct)
    assert isinstance(found, mi.StructType)
    own = {field.encode_name: field.type.extra_json_schema for field in found.fields if isinstance(field.type, mi.Metadata)}
    shown = {name: extra["examples"][0] for name, extra in own.items() if extra and "examples" in extra} | values
    return {field.encode_name: shown[field.encode_name] for field in found.fields if field.encode_name in shown}
