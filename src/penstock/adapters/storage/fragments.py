"""Named pieces of SQL: a list of columns stands once, and every statement that reads or writes them names it.

    -- fragment: rule_columns
        id, org_id, name
    -- name: create_rule!
    INSERT INTO rules ({{rule_columns}}) VALUES ({{:rule_columns}});

`{{rule_columns}}` is the piece as it stands. `{{r.rule_columns}}` and `{{:rule_columns}}` put `r.` and `:` before each column of
a plain list: r.id, r.org_id, r.name and :id, :org_id, :name. `{{=rule_columns}}` sets each: id = :id, org_id = :org_id,
name = :name. A piece may be used in every file. Nothing else is understood: this
is no language of templates, and what is put in is always text of these files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")
_FRAGMENT = re.compile(r"^-- fragment: (?P<name>\w+)\n(?P<body>.*?)(?=^-- (?:name|fragment):|\Z)", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"\{\{(?P<before>[:=]|\w+\.)?(?P<name>\w+)\}\}")
_PLAIN = re.compile(r"\w+(?:, \w+)*")


def fragments_in(text: str) -> dict[str, str]:
    """The pieces of a file by name, each on one line."""
    return {found["name"]: " ".join(found["body"].split()) for found in _FRAGMENT.finditer(text)}


def expanded(text: str, fragments: Mapping[str, str]) -> str:
    """A file's text with each piece in its places; where pieces were written lines are left empty, so that the others stay.

    Raises:
        ValueError: a piece is not there, or is no plain list of columns where that is needed.
    """

    def put(place: re.Match[str]) -> str:
        body, before = fragments.get(place["name"]), place["before"]
        if body is None:
            raise ValueError(f"there is no fragment {place['name']}")
        if not before:
            return body
        if not _PLAIN.fullmatch(body):
            raise ValueError(f"{place.group()} needs a plain list of columns")
        if before == "=":
            return ", ".join(f"{column} = :{column}" for column in body.split(", "))
        return ", ".join(before + column for column in body.split(", "))

    return _PLACE.sub(put, _FRAGMENT.sub(lambda found: "\n" * found.group().count("\n"), text))


def expanded_all(texts: Mapping[Key, str]) -> dict[Key, str]:
    """The texts of all files, with each piece in its places.

    Raises:
        ValueError: as of `expanded`, or two pieces have one name.
    """
    found: dict[str, str] = {}
    for text in texts.values():
        pieces = fragments_in(text)
        if twice := found.keys() & pieces.keys():
            raise ValueError(f"fragments with one name: {', '.join(sorted(twice))}")
        found |= pieces
    return {name: expanded(text, found) for name, text in texts.items()}
