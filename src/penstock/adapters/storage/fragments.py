"""Named fragments of SQL: a list of columns is defined once, and every statement that reads or writes them refers to it.

    -- fragment: rule_columns
    id, org_id, name
    -- name: create_rule!
    INSERT INTO rules ({{rule_columns}}) VALUES ({{:rule_columns}});

`{{rule_columns}}` inserts the fragment unchanged. `{{r.rule_columns}}` and `{{:rule_columns}}` put `r.` and `:` before each
column of a plain list: r.id, r.org_id, r.name and :id, :org_id, :name. `{{=rule_columns}}` sets each: id = :id, org_id = :org_id,
name = :name. A fragment can be used in every file. There is no other
syntax: this is not a template language, and the inserted text always comes from these files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from penstock.adapters.storage.orders import in_each_order

Key = TypeVar("Key")
_FRAGMENT = re.compile(r"^-- fragment: (?P<name>\w+)\n(?P<body>.*?)(?=^-- (?:name|fragment):|\Z)", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"\{\{(?P<before>[:=]|\w+\.)?(?P<name>\w+)\}\}")
_PLAIN = re.compile(r"\w+(?:, \w+)*")


def fragments_in(text: str) -> dict[str, str]:
    """The fragments of a file by name, each on one line."""
    return {found["name"]: " ".join(found["body"].split()) for found in _FRAGMENT.finditer(text)}


def expanded(text: str, fragments: Mapping[str, str]) -> str:
    """A file's text with its fragments inserted. Definitions become empty lines, so that line numbers are unchanged.

    Raises:
        ValueError: a fragment does not exist, or is not a plain list of columns where one is required.
    """

    def put(place: re.Match[str]) -> str:
        body, before = fragments.get(place["name"]), place["before"]
        if body is None:
            raise ValueError(f"fragment {place['name']} was not found")
        if not before:
            return body
        if not _PLAIN.fullmatch(body):
            raise ValueError(f"{place.group()} requires a plain list of columns")
        if before == "=":
            return ", ".join(f"{column} = :{column}" for column in body.split(", "))
        return ", ".join(before + column for column in body.split(", "))

    return _PLACE.sub(put, _FRAGMENT.sub(lambda found: "\n" * found.group().count("\n"), text))


def expanded_all(texts: Mapping[Key, str]) -> dict[Key, str]:
    """The texts of all files, with their fragments inserted, and a statement for each order of a list.

    Raises:
        ValueError: as for `expanded`, or two fragments have the same name.
    """
    found: dict[str, str] = {}
    for text in texts.values():
        pieces = fragments_in(text)
        if twice := found.keys() & pieces.keys():
            raise ValueError(f"fragments with the same name: {', '.join(sorted(twice))}")
        found |= pieces
    return {name: expanded(in_each_order(text), found) for name, text in texts.items()}
