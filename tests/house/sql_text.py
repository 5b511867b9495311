"""Reading SQL: named queries, tokens, nested statements, tenant tables. The rule is in sql_scope.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:''|[^'])*')
  | (?P<quoted>"(?:""|[^"])*"|`[^`]*`)
  | (?P<cast>::\s*\w+)
  | (?P<param>:[A-Za-z_]\w*)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<symbol><=|>=|<>|!=|==|\|\||->>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
HEADER = re.compile(r"^[ \t]*--\s*name\s*:\s*(?P<name>\w+)(?P<variant>@\w+)?[^\n]*$", re.MULTILINE)
COMMENT_LINE = re.compile(r"\s*--\s*(?P<text>.*?)\s*$")

Node: TypeAlias = "str | list[Node]"
"""A token in lower case, or the contents of one pair of parentheses."""


@dataclass(frozen=True)
class Query:
    """One named query of a file, comments included; `variant` is the `@postgres` of an override."""

    name: str
    variant: str
    text: str
    line: int

    @property
    def purpose(self) -> str:
        """The comment between header and statement: what the query is for."""
        for line in self.text.splitlines()[1:]:
            comment = COMMENT_LINE.match(line)
            if comment is None:
                break
            if comment["text"] and not re.match(r"(org-scope|record_class)\s*:", comment["text"]):
                return comment["text"]
        return ""


def named_queries(text: str) -> list[Query]:
    """The named queries of one file, in order."""
    headers = list(HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        Query(
            header["name"],
            header["variant"] or "",
            text[header.start() : end],
            text.count("\n", 0, header.start()) + 1,
        )
        for header, end in zip(headers, ends, strict=True)
    ]


def outside_queries(text: str) -> str:
    """What stands before the first header and is no comment: a statement that no rule would see."""
    first = HEADER.search(text)
    return " ".join(tokens(text[: first.start()] if first else text))


def without_comments(sql: str) -> str:
    """The text with every comment replaced by a space; `--` inside a string is no comment."""
    return TOKEN.sub(lambda match: " " if match.lastgroup == "comment" else match.group(), sql)


def tokens(sql: str) -> list[str]:
    """Tokens in lower case, without comments, casts and spaces; quoted names lose their quotes, strings become ''."""
    found = []
    for match in TOKEN.finditer(sql):
        kind, text = match.lastgroup, match.group()
        if kind in ("comment", "cast") or text.isspace():
            continue
        if kind == "string":
            text = "''"
        elif kind == "quoted":
            text = text[1:-1]
        found.append(text.lower())
    return found


def statements(sql: str) -> Iterator[list[Node]]:
    """The statements of a text as nested lists."""
    stack: list[list[Node]] = [[]]
    for token in tokens(sql):
        if token == "(":
            inner: list[Node] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif token == ")" and len(stack) > 1:
            stack.pop()
        elif token == ";" and len(stack) == 1:
            if stack[0]:
                yield stack[0]
            stack = [[]]
        else:
            stack[-1].append(token)
    if stack[0]:
        yield stack[0]


def flat(nodes: list[Node]) -> Iterator[str]:
    """Every token at every depth."""
    for node in nodes:
        if isinstance(node, list):
            yield from flat(node)
        else:
            yield node


def split(nodes: list[Node], separators: Collection[str]) -> list[list[Node]]:
    """The parts between separators at this depth."""
    parts: list[list[Node]] = [[]]
    for node in nodes:
        if isinstance(node, str) and node in separators:
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def index_of(nodes: list[Node], *wanted: str, start: int = 0) -> int:
    """Where one of the wanted words stands first at this depth; the length when none does."""
    for position in range(start, len(nodes)):
        node = nodes[position]
        if isinstance(node, str) and node in wanted:
            return position
    return len(nodes)


def tenant_tables(schema: str) -> set[str]:
    """Tables with an org_id column, followed through later ALTERs, and tables and views made from them."""
    found: set[str] = set()
    for statement in statements(schema):
        words = [node for node in statement if isinstance(node, str)]
        name = defined_name(words)
        if name is None:
            continue
        inherits = "select" in flat(statement) and not found.isdisjoint(flat(statement))
        columns = next((node for node in statement if isinstance(node, list)), [])
        declares = words[0] == "create" and any(column[:1] == ["org_id"] for column in split(columns, ","))
        adds = words[0] == "alter" and "add" in words and "org_id" in words
        if inherits or declares or adds:
            found.add(name)
        if words[0] == "alter" and name in found and words[-3:-1] == ["rename", "to"]:
            found.add(words[-1])
    return found


def defined_name(words: list[str]) -> str | None:
    """The name in CREATE or ALTER … TABLE or VIEW [IF NOT EXISTS] [schema.]name."""
    if words[0] not in ("create", "alter"):
        return None
    at = next((i for i, word in enumerate(words[:4]) if word in ("table", "view")), None)
    if at is None:
        return None
    rest = [word for word in words[at + 1 :] if word not in ("if", "not", "exists", "only")]
    return rest[2] if rest[1:2] == ["."] else rest[0]
