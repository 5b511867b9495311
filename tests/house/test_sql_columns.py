"""A list of columns stands once: what two statements read or write alike is a named fragment (adapters/storage/fragments.py)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from penstock.adapters.storage.fragments import fragments_in

from .sql_text import Node, flat, index_of, named_queries, split, statements
from .test_sql_scope import QUERY_FILES

MIN_COLUMNS = 4
"""A shorter list is no copy of another: it says what its own statement is about."""
LIST_ENDS = ("from", "where", "union", "returning", "order", "group", "limit")


def column_lists(nodes: list[Node]) -> Iterator[tuple[str, ...]]:
    """The lists of columns that a statement reads or writes, without the aliases of their tables."""
    for at, node in enumerate(nodes):
        if isinstance(node, list):
            yield from column_lists(node)
            if at > 1 and nodes[at - 2] == "into":
                yield named(node)
        elif node == "select":
            yield named(nodes[at + 1 : index_of(nodes, *LIST_ENDS, start=at + 1)])


def named(columns: list[Node]) -> tuple[str, ...]:
    return tuple(re.sub(r"^\w+ \. (?=\w+$)", "", " ".join(flat(one))) for one in split(columns, ","))


def copies(texts: Mapping[str, str]) -> list[str]:
    """The lists that stand in more than one statement, with the names of these."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for text in texts.values():
        for query in named_queries(re.sub(r"^-- fragment: .*?(?=^-- (?:name|fragment):|\Z)", "", text, flags=re.M | re.S)):
            for statement in statements(query.text):
                for columns in column_lists(statement):
                    found[columns].add(query.name)
    return [
        f"{', '.join(sorted(names))}: {', '.join(columns)}"
        for columns, names in found.items()
        if len(names) > 1 and len(columns) >= MIN_COLUMNS
    ]


def real_texts() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in QUERY_FILES}


def test_no_list_of_columns_stands_twice() -> None:
    assert copies(real_texts()) == []


def test_every_fragment_has_two_places() -> None:
    text = "\n".join(real_texts().values())
    for name in fragments_in(text):
        assert len(re.findall(rf"\{{\{{(?:[:=]|\w+\.)?{name}\}}\}}", text)) > 1, name


def test_a_copy_is_found_under_another_alias_and_in_an_insert() -> None:
    one = "-- name: one\nSELECT a, b, c, d FROM t;\n-- name: two\nSELECT x.a, x.b, x.c, x.d FROM t AS x;\n"
    assert copies({"a": one}) == ["one, two: a, b, c, d"]
    assert copies({"a": one, "b": "-- name: three!\nINSERT INTO t (a, b, c, d) VALUES (:a, :b, :c, :d);"}) == [
        "one, three, two: a, b, c, d"
    ]
    assert copies({"a": "-- name: one\nSELECT {{t_columns}} FROM t;\n-- name: two\nSELECT {{x.t_columns}} FROM t AS x;"}) == []
