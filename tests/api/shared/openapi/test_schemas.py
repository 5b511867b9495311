"""Types as JSON Schema, one kind after the other."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from penstock.api.shared.openapi.schemas import FREE_OBJECT, Schemas

T = TypeVar("T")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Leaf(msgspec.Struct):
    """A leaf."""

    name: str


class Many(msgspec.Struct, Generic[T]):
    """Many of one kind."""

    data: list[T]


class Tree(msgspec.Struct, forbid_unknown_fields=True):
    """A tree.

    Units: metres.
    """

    root: Tree | None
    leaves: list[Leaf] = []
    label: str | UnsetType = UNSET
    raw: msgspec.Raw = msgspec.Raw()
    either: msgspec.Raw | dict[str, object] = {}
    height: Annotated[int, Meta(ge=0, description="How tall.")] = 3
    from_: str | None = msgspec.field(name="from", default=None)


@pytest.mark.parametrize(
    ("wanted", "schema"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (float | None, {"type": ["number", "null"]}),
        (Literal["a", "b"] | None, {"type": ["string", "null"], "enum": ["a", "b", None]}),
        (Colour, {"type": "string", "enum": ["red", "blue"]}),
        (object, {"description": "Any JSON value."}),
        (Any, {"description": "Any JSON value."}),
        (msgspec.Raw, FREE_OBJECT),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (tuple[str, ...], {"type": "array", "items": {"type": "string"}}),
        (Annotated[list[str], Meta(max_length=2)], {"type": "array", "items": {"type": "string"}, "maxItems": 2}),
        (Annotated[str, Meta(pattern="^(a|bc)$")], {"type": "string", "enum": ["a", "bc"]}),
        (Annotated[str, Meta(pattern="^a+$", max_length=3)], {"type": "string", "pattern": "^a+$", "maxLength": 3}),
        (Annotated[int, Meta(gt=0, le=9)], {"type": "integer", "exclusiveMinimum": 0, "maximum": 9}),
        (int | str | None, {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}),
        (
            Annotated[dict[Annotated[str, Meta(min_length=1)], int], Meta(max_length=4)],
            {
                "type": "object",
                "additionalProperties": {"type": "integer"},
                "propertyNames": {"minLength": 1},
                "maxProperties": 4,
            },
        ),
    ],
)
def test_a_type_has_a_schema(wanted: Any, schema: dict[str, Any]) -> None:
    assert Schemas().for_type(wanted) == schema


def test_a_struct_becomes_a_component_even_when_it_holds_itself() -> None:
    schemas = Schemas()
    assert schemas.for_type(Tree, "wood.") == {"$ref": "#/components/schemas/wood.Tree"}
    assert set(schemas.components) == {"wood.Tree", "wood.Leaf"}
    assert schemas.components["wood.Tree"] == {
        "type": "object",
        "description": "A tree.\n\nUnits: metres.",
        "properties": {
            "root": {"anyOf": [{"$ref": "#/components/schemas/wood.Tree"}, {"type": "null"}]},
            "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/wood.Leaf"}, "default": []},
            "label": {"type": "string"},
            "raw": FREE_OBJECT,
            "either": FREE_OBJECT | {"default": {}},
            "height": {"type": "integer", "minimum": 0, "description": "How tall.", "default": 3},
            "from": {"type": ["string", "null"]},
        },
        "required": ["root"],
        "additionalProperties": False,
    }


def test_a_generic_struct_is_named_after_what_it_holds() -> None:
    schemas = Schemas()
    assert schemas.for_type(Many[Leaf]) == {"$ref": "#/components/schemas/Many_Leaf"}
    assert schemas.for_type(Many[int]) == {"$ref": "#/components/schemas/Many_int"}
    assert schemas.components["Many_Leaf"]["properties"]["data"]["items"] == {"$ref": "#/components/schemas/Leaf"}


def test_structs_without_a_tag_may_stand_beside_each_other() -> None:
    assert Schemas().for_type(Leaf | list[Leaf]) == {
        "anyOf": [
            {"$ref": "#/components/schemas/Leaf"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}},
        ]
    }


def test_a_second_struct_of_one_name_carries_its_noun() -> None:
    schemas = Schemas()
    schemas.for_type(Leaf)
    other = msgspec.defstruct("Leaf", [("size", int)], module="forest.birch")
    assert schemas.for_type(other) == {"$ref": "#/components/schemas/ForestLeaf"}
    third = msgspec.defstruct("Leaf", [("size", int)], module="forest.oak")
    with pytest.raises(ValueError, match=r"ForestLeaf"):
        schemas.for_type(third)


def test_a_type_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        Schemas().for_type(complex)


class Cat(msgspec.Struct, tag="cat", tag_field="type"):
    lives: int


class Dog(msgspec.Struct, tag="dog", tag_field="type"):
    name: str


class Fish(msgspec.Struct, tag="fish", tag_field="type"):
    depth_m: float


Pet = Annotated[Cat | Dog, Meta(title="Pet")]


def test_a_union_with_a_title_is_a_component_with_a_discriminator() -> None:
    schemas = Schemas()
    assert schemas.for_type(Pet | None) == {"anyOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "null"}]}
    cat, dog = "#/components/schemas/Cat", "#/components/schemas/Dog"
    assert schemas.components["Pet"] == {
        "oneOf": [{"$ref": cat}, {"$ref": dog}],
        "discriminator": {"propertyName": "type", "mapping": {"cat": cat, "dog": dog}},
    }
    wider = Annotated[Pet | Fish, Meta(title="Animal")]
    assert schemas.for_type(wider, "Other") == {"$ref": "#/components/schemas/OtherAnimal"}
    assert list(schemas.components["OtherAnimal"]["discriminator"]["mapping"]) == ["cat", "dog", "fish"]


def test_a_title_is_that_of_one_union() -> None:
    schemas = Schemas()
    schemas.for_type(Pet)
    with pytest.raises(ValueError, match="Pet"):
        schemas.for_type(Annotated[Cat | Fish, Meta(title="Pet")])
    with pytest.raises(TypeError, match="Mixed"):
        schemas.for_type(Annotated[Leaf | Tree, Meta(title="Mixed")])


def test_options_within_options_are_options() -> None:
    either = Annotated[str, Meta(extra_json_schema={"anyOf": [{"type": "string"}, {"type": "integer"}]})]
    assert Schemas().for_type(either | None) == {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
