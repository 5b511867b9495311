"""Does a statement on a tenant table stay inside one organisation?

Theory of operation. sql_text.py turns a statement into nested lists, one list per pair of parentheses. Each SELECT,
UPDATE, DELETE and INSERT, wherever it is nested, is judged alone. Every mention of a tenant table in it must be held by
a condition `org_id = :org_id` that nothing can widen (no OR beside it, no NOT before it), or be tied by
`a.org_id = b.org_id` to a mention that is. A condition counts where it filters: in WHERE and in the ON of an inner join
for all tables, in the ON of a left join for the table it joins, in the ON of a right or full join for none.

What is not understood counts as not scoped: a false alarm costs a comment, a miss costs a tenant. The visible escape is
a comment `-- org-scope: <reason>` inside the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .sql_text import Node, flat, index_of, split, statements, tokens

ESCAPE = re.compile(r"--[ \t]*org-scope:[ \t]*(?P<reason>[^\n]*)")
ESCAPE_REASON_MIN_CHARS = 10
PARAM = ":org_id"

SET_OPERATORS = ("union", "intersect", "except")
VERBS = ("select", "insert", "update", "delete", "replace")
AFTER_TABLES = ("where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "returning", "set")
JOIN_WORDS = ("join", "inner", "left", "right", "full", "cross", "natural", "outer", "lateral", "only")
NOT_ALIAS = (*JOIN_WORDS, *AFTER_TABLES, "on", "using", "indexed", "not", "as", "values", "select", "default", ",")
MANIPULATES = ("with", *VERBS, "values", "explain")
DEFINES = ("create", "alter", "drop", "pragma", "begin", "commit", "rollback", "vacuum", "analyze", "reindex", "attach")

Condition = tuple[str, str]
"""Two sides that must be equal: ':org_id' or the alias whose org_id it is ('' when unqualified)."""


@dataclass
class Mention:
    """One mention of a table in a FROM, UPDATE or DELETE."""

    table: str
    alias: str
    join: str = "inner"
    on: list[Node] = field(default_factory=list)


def problems(sql: str, tenants: set[str]) -> list[str]:
    """What is wrong with the statements of one query; empty when every mention of a tenant table is scoped."""
    if tenants.isdisjoint(tokens(sql)):
        return []
    escape = ESCAPE.search(sql)
    if escape and len(escape["reason"].strip()) >= ESCAPE_REASON_MIN_CHARS:
        return []
    found = [problem for statement in statements(sql) for problem in Judge(tenants).statement(statement)]
    if escape:
        found.append(f"an org-scope comment needs a reason of at least {ESCAPE_REASON_MIN_CHARS} characters")
    return found


class Judge:
    """Judges one statement; `problems` fills as it goes down."""

    def __init__(self, tenants: set[str]) -> None:
        self.tenants = tenants
        self.problems: list[str] = []
        self.mentioned = 0

    def statement(self, statement: list[Node]) -> list[str]:
        """The problems of one whole statement."""
        words = list(flat(statement))
        harmless = words[0] in DEFINES and "select" not in words and "trigger" not in words
        if harmless or self.tenants.isdisjoint(words):
            return []
        if words[0] not in (*MANIPULATES, *DEFINES):
            return [f"{words[0].upper()} on a tenant table is not understood"]
        self.group(statement, frozenset())
        # The net under the reader: a table that stands where only a table can stand must have been judged.
        places = ("from", "join", "update", "into", "only")
        if sum(before in places and word in self.tenants for before, word in pairwise(words)) > self.mentioned:
            self.problems.append("a mention of a tenant table is not understood")
        return self.problems

    def group(self, nodes: list[Node], outer: frozenset[str]) -> None:
        """A statement or the contents of one pair of parentheses; `outer` names the scoped aliases around it."""
        columns: list[list[Node]] | None = None
        parts = split(nodes, SET_OPERATORS)
        for part in parts:
            at = first_verb(part)
            scoped = outer
            if part[at : at + 1] in (["insert"], ["replace"]):
                columns = self.insert(part[at:], parts[-1][conflict_at(parts[-1]) :])
            elif part[at : at + 1] in (["update"], ["delete"]):
                scoped = self.change(part[at:], outer)
            if (start := index_of(part, "select", start=at)) < len(part):
                scoped = self.select(part[start : conflict_at(part)], outer)
                self.inserted_rows(part[start:], columns, scoped)
            for node in part:
                if isinstance(node, list):
                    self.group(node, scoped)

    def select(self, part: list[Node], outer: frozenset[str]) -> frozenset[str]:
        """SELECT … FROM … WHERE …; returns the scoped aliases."""
        start = from_at(part)
        end = index_of(part, *AFTER_TABLES, start=start)
        return self.scope("SELECT", mentions(part[start + 1 : end]), conditions(where(part)), outer)

    def change(self, part: list[Node], outer: frozenset[str]) -> frozenset[str]:
        """UPDATE t SET … FROM … WHERE … or DELETE FROM t USING … WHERE …; returns the scoped aliases."""
        if part[0] == "update":
            target = [node for node in part[1 : index_of(part, "set")] if node not in ("or", "ignore", "abort", "fail")]
            start = from_at(part)
        else:
            start = index_of(part, "using")
            target = part[2 : min(start, index_of(part, "where", "returning", "order", "limit"))]
        end = index_of(part, "where", "returning", "order", "limit", start=start)
        tables = mentions(target) + mentions(part[start + 1 : end])
        return self.scope(str(part[0]).upper(), tables, conditions(where(part)), outer)

    def scope(self, verb: str, tables: list[Mention], held: list[Condition], outer: frozenset[str]) -> frozenset[str]:
        """Find which aliases are held to the organisation and report the tenant tables that are not."""
        wanted = [table for table in tables if table.table in self.tenants]
        self.mentioned += len(wanted)
        inner = held + [condition for table in tables if table.join == "inner" for condition in conditions(table.on)]
        scoped = set(outer - {table.alias for table in tables})
        for _ in wanted:  # A chain a = b = c needs as many rounds as it has links.
            for table in wanted:
                usable = inner + (conditions(table.on) if table.join == "left" else [])
                # An unqualified org_id is plain only beside one tenant table; the database refuses the rest.
                names = {table.alias} | ({""} if len(wanted) == 1 else set())
                if ties(usable, names, {PARAM, *scoped}):
                    scoped.add(table.alias)
        for table in wanted:
            if table.alias not in scoped:
                named = table.table if table.alias == table.table else f"{table.table} as {table.alias}"
                self.problems.append(f"{verb} on {named} is not held to org_id = :org_id")
        return frozenset(scoped)

    def insert(self, part: list[Node], conflict: list[Node]) -> list[list[Node]] | None:
        """INSERT INTO t (…) …; returns the columns when the rows come from a SELECT, which must be judged too."""
        into = index_of(part, "into")
        table = mentions([node for node in part[into + 1 :] if isinstance(node, str)][:5])[:1]
        if not table or table[0].table not in self.tenants:
            return None
        self.mentioned += 1
        name = table[0].table
        if "replace" in part[:into]:
            self.problems.append(f"REPLACE on {name} can replace another organisation's row; use ON CONFLICT")
        rows = index_of(part, "values", "select", "default")
        column_list = next((node for node in part[into:rows] if isinstance(node, list)), [])
        columns = split(column_list, ",")
        if ["org_id"] not in columns:
            self.problems.append(f"INSERT into {name} does not set org_id")
            return None
        self.conflict(conflict, table[0])
        if part[rows : rows + 1] == ["select"]:
            return columns
        position = columns.index(["org_id"])
        values = [node for node in part[rows : conflict_at(part)] if isinstance(node, list)]
        if not values or any(split(row, ",")[position : position + 1] != [[PARAM]] for row in values):
            self.problems.append(f"INSERT into {name} does not take org_id from :org_id")
        return None

    def inserted_rows(self, select: list[Node], columns: list[list[Node]] | None, scoped: frozenset[str]) -> None:
        """The org_id that an INSERT … SELECT writes is :org_id or the org_id of a scoped table."""
        if columns is None:
            return
        items = split(select[1 : from_at(select)], ",")
        item = (items + [[]] * len(columns))[columns.index(["org_id"])]
        item = item[: index_of(item, "as")]
        qualified = len(item) == 3 and item[0] in scoped and item[1:] == [".", "org_id"]
        if not (item == [PARAM] or qualified or (item == ["org_id"] and scoped)):
            self.problems.append("INSERT … SELECT does not take org_id from :org_id")

    def conflict(self, clause: list[Node], table: Mention) -> None:
        """DO UPDATE must not reach another organisation's row through a key that both share."""
        if "update" not in clause:
            return
        target = next((node for node in clause[: index_of(clause, "do")] if isinstance(node, list)), [])
        held = conditions(where(clause[index_of(clause, "set") :]))
        if ["org_id"] in split(target, ",") or ties(held, {table.table, table.alias, ""}, {PARAM, "excluded"}):
            return
        self.problems.append(
            f"ON CONFLICT on {table.table} may update another organisation's row: "
            f"name org_id in its target or add WHERE {table.table}.org_id = :org_id"
        )


def first_verb(part: list[Node]) -> int:
    """Where the statement's own verb stands; `replace(…)` is a function unless INTO follows."""
    at = index_of(part, *VERBS)
    while part[at : at + 1] == ["replace"] and part[at + 1 : at + 2] != ["into"]:
        at = index_of(part, *VERBS, start=at + 1)
    return at


def from_at(part: list[Node]) -> int:
    """Where FROM opens the tables; the one in IS DISTINCT FROM does not."""
    at = index_of(part, "from")
    while at < len(part) and part[at - 1] == "distinct":
        at = index_of(part, "from", start=at + 1)
    return at


def conflict_at(part: list[Node]) -> int:
    """Where ON CONFLICT begins; the length when it does not."""
    at = index_of(part, "on")
    while at < len(part) and part[at + 1 : at + 2] != ["conflict"]:
        at = index_of(part, "on", start=at + 1)
    return at


def where(part: list[Node]) -> list[Node]:
    """The condition after WHERE at this depth."""
    start = index_of(part, "where")
    return part[start + 1 : index_of(part, *AFTER_TABLES, start=start + 1)]


def mentions(section: list[Node]) -> list[Mention]:
    """The tables of a FROM clause with their aliases and join conditions."""
    found: list[Mention] = []
    position, join = 0, "inner"
    while position < len(section):
        node = section[position]
        if isinstance(node, str) and (node in JOIN_WORDS or node == ","):
            join = node if node in ("left", "right", "full") else ("inner" if node == "," else join)
            position += 1
            continue
        if section[position + 1 : position + 2] == ["."]:
            position += 2
        mention, position = one_mention(section, position, join)
        join = "inner"
        if mention.join != "function":
            found.append(mention)
        if mention.on[:1] == ["using"] and len(found) > 1:
            mention.on = [mention.alias, ".", "org_id", "=", found[-2].alias, ".", "org_id"]
    return found


def one_mention(section: list[Node], position: int, join: str) -> tuple[Mention, int]:
    """One table, derived table or table function from this position, and where the next begins."""
    node = section[position]
    table = node if isinstance(node, str) else ""
    position += 1
    if table and position < len(section) and isinstance(section[position], list):
        table, join, position = "", "function", position + 1
    if section[position : position + 1] == ["as"]:
        position += 1
    alias = table
    following = section[position] if position < len(section) else ","
    if isinstance(following, str) and following not in NOT_ALIAS:
        alias, position = following, position + 1
    end = position
    while end < len(section) and not (section[end] in JOIN_WORDS or section[end] == ","):
        end += 1
    tail = section[position:end]
    on = tail[index_of(tail, "on") + 1 :]
    if tail[:1] == ["using"] and "org_id" in flat(tail):
        on = ["using"]
    return Mention(table, alias, join, on), end


def ties(held: list[Condition], ours: set[str], theirs: set[str]) -> bool:
    """Whether one condition makes a side of ours equal to a side of theirs."""
    return any((a in ours and b in theirs) or (b in ours and a in theirs) for a, b in held)


def conditions(nodes: list[Node]) -> list[Condition]:
    """The equalities on org_id that must hold for the whole condition to hold."""
    nodes = without_case(nodes)
    if "or" in nodes:
        return []
    found: list[Condition] = []
    for part in split(nodes, ("and",)):
        if len(part) == 1 and isinstance(part[0], list):
            found += conditions(part[0])
            continue
        sides = split(part, ("=", "=="))
        if len(sides) == 2:
            left, right = (org_side(side) for side in sides)
            if left is not None and right is not None:
                found.append((left, right))
    return found


def org_side(side: list[Node]) -> str | None:
    """What one side of an equality says about the organisation; None when nothing."""
    if side == [PARAM]:
        return PARAM
    if side == ["org_id"]:
        return ""
    if len(side) == 3 and isinstance(side[0], str) and side[1:] == [".", "org_id"]:
        return side[0]
    return None


def without_case(nodes: list[Node]) -> list[Node]:
    """The condition without its CASE … END: what stands inside one holds only sometimes."""
    kept: list[Node] = []
    depth = 0
    for node in nodes:
        depth += node == "case"
        if depth == 0:
            kept.append(node)
        elif node == "end":
            depth -= 1
            kept.append("case")
    return kept
