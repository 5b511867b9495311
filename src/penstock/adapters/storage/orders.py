"""Statements that list rows in several orders: written once, and read as one statement for each order and direction.

    -- name: list_rules
    -- orders: -created_at id, name name COLLATE NOCASE
    SELECT {{rule_columns}} FROM rules WHERE org_id = :org_id AND {{place}} ORDER BY {{order}} LIMIT :limit;

The first order is the list's own, by id and in one direction: its statement has the name as written. The others are
`list_rules__created_at`, `list_rules__name` and `list_rules__name_reversed`. `{{place}}` is where a page begins, as conditions on
`:after` and `:after_id`: an index finds it only if the statement has the columns and no expression on a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STATEMENT = re.compile(r"^-- name: (?P<name>\w+)\n(?P<body>(?:(?!^-- (?:name|fragment):).*\n?)*)", re.MULTILINE)
_ORDERS = re.compile(r"^-- orders: (?P<orders>.*)\n", re.MULTILINE)


def name_of(statement: str, sort: str) -> str:
    """The name of a list's statement in an order such as `name` or `-name`, "" for its own."""
    if not sort:
        return statement
    return f"{statement}__{sort.lstrip('-')}{'_reversed' if sort.startswith('-') else ''}"


def in_each_order(text: str) -> str:
    """A file's text with a statement for each order of its lists."""
    return _STATEMENT.sub(lambda found: "".join(_variants(found)), text)


def _variants(found: re.Match[str]) -> Iterator[str]:
    orders = _ORDERS.search(found["body"])
    if orders is None:
        yield found.group()
        return
    body = _ORDERS.sub("", found["body"])
    own, *others = (one.strip().split(" ", 1) for one in orders["orders"].split(","))
    sort, number = own
    yield _in_order(found["name"], "", body, [number], descending=sort.startswith("-"))
    turned = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    yield _in_order(found["name"], turned, body, [number], descending=turned.startswith("-"))
    for field, column in others:
        for each in (field, f"-{field}"):
            yield _in_order(found["name"], each, body, [column, number], descending=each.startswith("-"))


def _in_order(name: str, sort: str, body: str, columns: list[str], *, descending: bool) -> str:
    sign = "<" if descending else ">"
    place = f"({', '.join(columns)}) {sign} (:after, :after_id)" if len(columns) > 1 else f"{columns[0]} {sign} :after_id"
    order = ", ".join(f"{one} DESC" if descending else one for one in columns)
    return f"-- name: {name_of(name, sort)}\n" + body.replace("{{place}}", place).replace("{{order}}", order)
