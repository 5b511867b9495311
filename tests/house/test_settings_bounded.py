"""Every setting is checked by its type: a number has both bounds, a text is short or one of a few, and 0 has a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import msgspec.inspect as described

from penstock.settings import Settings

from .test_settings_documented import DEFAULTS

# What no type bounds all the same: {place of the leaf: reason}.
UNBOUNDED: dict[str, str] = {
    "plans.*.price.base_cost": "msgspec has no bounds for decimal numbers: `_price_conflicts` checks it",
    "plans.*.price.device_cost": "as above",
    "plans (key)": "the name of a plan, which the operator chooses; a decoder's path does not tell a wrong one",
}
Leaf = tuple[str, described.Type]


def leaves(node: described.Type, place: str) -> Iterator[Leaf]:
    """Every value that a file can set, by the dotted name of its place; `*` stands for any plan."""
    if isinstance(node, described.Metadata):
        yield from leaves(node.type, place)
    elif isinstance(node, described.UnionType):
        for one in node.types:
            yield from leaves(one, place)
    elif isinstance(node, described.StructType):
        for field in node.fields:
            yield from leaves(field.type, f"{place}.{field.encode_name}".lstrip("."))
    elif isinstance(node, described.DictType):
        yield from leaves(node.key_type, f"{place} (key)")
        yield from leaves(node.value_type, f"{place}.*")
    elif isinstance(node, described.VarTupleType | described.ListType):
        yield from leaves(node.item_type, place)
    elif not isinstance(node, described.NoneType):
        yield place, node


def is_bounded(node: described.Type) -> bool:
    if isinstance(node, described.IntType | described.FloatType):
        return None not in (node.gt if node.ge is None else node.ge, node.lt if node.le is None else node.le)
    if isinstance(node, described.StrType):
        return node.max_length is not None
    return isinstance(node, described.BoolType | described.LiteralType | described.EnumType)


def unbounded(settings: Any) -> set[str]:
    return {place for place, node in leaves(described.type_info(settings), "") if not is_bounded(node)}


def from_zero(settings: Any) -> set[str]:
    """The numbers that accept 0 as their least."""
    found = leaves(described.type_info(settings), "")
    return {place for place, node in found if isinstance(node, described.IntType | described.FloatType) and node.ge == 0}


def comments() -> dict[str, str]:
    """The comment before each setting of the files of defaults."""
    found: dict[str, str] = {}
    section, comment = "", ""
    for line in "\n".join(file.read_text("utf-8") for file in DEFAULTS).splitlines():
        if line.startswith("#"):
            comment += f" {line.strip('# ')}"
            continue
        if match := re.match(r"\[([\w.]+)\]", line):
            section = match[1]
        elif match := re.match(r"(\w+) = ", line):
            found[f"{section}.{match[1]}"] = comment
        comment = ""
    return found


def test_every_setting_is_bounded() -> None:
    assert sorted(unbounded(Settings) - set(UNBOUNDED)) == []


def test_the_list_of_what_is_unbounded_is_current() -> None:
    assert sorted(set(UNBOUNDED) - unbounded(Settings)) == []


def test_what_zero_means_is_said() -> None:
    told = comments()
    # The comment before all plans says it for theirs.
    wanted = {place for place in from_zero(Settings) if not place.startswith("plans.")}
    assert sorted(place for place in wanted if not re.search(r"\b0\b", told[place])) == []
    assert "a number of 0 allows none" in DEFAULTS[0].read_text("utf-8")


class Inner(msgspec.Struct):
    size: Annotated[int, msgspec.Meta(ge=0, le=9)]
    sizes: tuple[Annotated[float, msgspec.Meta(ge=0)], ...] = ()
    kind: Literal["a", "b"] = "a"


class Outer(msgspec.Struct):
    on: bool
    name: str
    cost: Decimal
    inner: dict[Annotated[str, msgspec.Meta(max_length=9)], Inner | None]
    most: Annotated[int, msgspec.Meta(lt=9)] | None = None


def test_a_leaf_without_bounds_is_found() -> None:
    assert unbounded(Outer) == {"name", "cost", "inner.*.sizes", "most"}
    assert from_zero(Outer) == {"inner.*.size", "inner.*.sizes"}


def test_the_settings_are_walked() -> None:
    walked = {place for place, _ in leaves(described.type_info(Settings), "")}
    assert walked >= {"http.max_bodies_bytes", "http.tls.hsts_s", "outbound.ports", "plans.*.device_limit", "plans.*.price.tier"}
