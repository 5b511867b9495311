"""Every named query is used by some Python file of the program."""

from __future__ import annotations

import re

from .sql_text import named_queries
from .test_sql_scope import QUERY_TEXTS
from .tree import python_files, shown


def words_of(sources: str) -> set[str]:
    return set(re.findall(r"\w+", sources))


def unused(names: list[str], words: set[str]) -> list[str]:
    return [name for name in names if name not in words]


def test_every_named_query_is_used() -> None:
    words = words_of("\n".join(path.read_text("utf-8") for path in python_files("src")))
    for path, text in QUERY_TEXTS.items():
        names = [query.name.partition("__")[0] for query in named_queries(text)]
        assert unused(names, words) == [], shown(path)


def test_an_unused_query_is_found() -> None:
    assert unused(["find_device", "find"], words_of("await queries.find_device(connection)")) == ["find"]
