"""Every statement on a tenant table carries `org_id = :org_id` (docs/decisions/0003-organisation-door.md).

The queries of the storage adapters are read from their .sql files, and SQL written inside Python is read too. The rule
itself (sql_scope.py) is shown planted statements of both kinds, and every real query with its predicate taken away.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.adapters.storage.fragments import expanded_all

from .sql_scope import ESCAPE, problems
from .sql_text import Query, named_queries, outside_queries, tenant_tables, without_comments
from .tree import STORAGE, parsed, python_files, shown

SQL_IN_PYTHON = re.compile(
    r"\s*(--[^\n]*\n\s*)*"
    r"(select\b.*\bfrom\b|(insert|replace)\s+(or\s+\w+\s+)?into\b|update\b.*\bset\b|delete\s+from\b|with\s+\w+.*\bas\s*\()",
    re.IGNORECASE | re.DOTALL,
)
PREDICATE = re.compile(r"(\b\w+\.)?\borg_id\s*==?\s*:org_id\b|:org_id\s*==?\s*(\w+\.)?\borg_id\b", re.IGNORECASE)
PARAMETER = re.compile(r":org_id\b", re.IGNORECASE)


def is_schema(path: Path) -> bool:
    return "migrations" in path.parts or "schema" in path.name


SQL_FILES = sorted(STORAGE.rglob("*.sql"))
QUERY_FILES = [path for path in SQL_FILES if not is_schema(path)]
QUERY_TEXTS = expanded_all({path: path.read_text("utf-8") for path in QUERY_FILES})
"""What is run: with each named list of columns in its places, on the lines on which it stands."""


def inline_sql(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string; what an f-string inserts is shown as {}, which no condition understands."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def real_tenants() -> set[str]:
    texts = [path.read_text("utf-8") for path in SQL_FILES if is_schema(path)]
    for path in python_files("src/penstock/adapters/storage"):
        texts += [text for _, text in inline_sql(parsed(path)) if re.search(r"\bcreate\s+table\b", text, re.IGNORECASE)]
    return tenant_tables(";\n".join(texts))


def real_queries() -> list[tuple[Path, Query]]:
    return [(path, query) for path, text in QUERY_TEXTS.items() for query in named_queries(text)]


def mutants(sql: str) -> Iterator[str]:
    """The query with one predicate taken away, and with one inserted :org_id replaced by another value."""
    plain = without_comments(sql)
    predicates = [match.span() for match in PREDICATE.finditer(plain)]
    for start, end in predicates:
        yield f"{plain[:start]} 1 = 1 {plain[end:]}"
    for match in PARAMETER.finditer(plain):
        if not any(start <= match.start() < end for start, end in predicates):
            yield f"{plain[: match.start()]}:other_org_id{plain[match.end() :]}"


# --- the real queries ---


def test_every_query_is_scoped() -> None:
    tenants = real_tenants()
    found = [
        f"{shown(path)}:{query.line} {query.name}{query.variant}: {problem}"
        for path, query in real_queries()
        for problem in problems(query.text, tenants)
    ]
    assert found == []


def test_sql_in_python_is_scoped() -> None:
    tenants = real_tenants()
    found = [
        f"{shown(path)}:{line}: {problem}"
        for path in python_files("src")
        for line, text in inline_sql(parsed(path))
        if SQL_IN_PYTHON.match(text)
        for problem in problems(text, tenants)
    ]
    assert found == []


def test_every_mutant_of_a_query_is_caught() -> None:
    """A survivor is a predicate that repeats another: take it out, or the next reader cannot tell which one holds."""
    tenants = real_tenants()
    survivors = [
        f"{shown(path)}:{query.line} {query.name}{query.variant}: {' '.join(mutant.split())}"
        for path, query in real_queries()
        if problems(without_comments(query.text), tenants) == []
        for mutant in mutants(query.text)
        if problems(mutant, tenants) == []
    ]
    assert survivors == []


def test_every_escape_is_needed() -> None:
    """An escape that nothing needs would hide the next mistake."""
    tenants = real_tenants()
    found = [
        f"{shown(path)}:{query.line} {query.name}"
        for path, query in real_queries()
        if ESCAPE.search(query.text) and problems(without_comments(query.text), tenants) == []
    ]
    assert found == []


def test_every_query_has_a_purpose_line() -> None:
    assert [f"{shown(path)}:{query.line} {query.name}" for path, query in real_queries() if not query.purpose] == []


def test_no_statement_stands_outside_a_named_query() -> None:
    assert [shown(path) for path, text in QUERY_TEXTS.items() if outside_queries(text)] == []


def test_names_are_unique_in_a_file() -> None:
    for path, text in QUERY_TEXTS.items():
        names = [query.name + query.variant for query in named_queries(text)]
        assert sorted(set(names)) == sorted(names), shown(path)


# --- the rule, on planted statements ---

SCHEMA = """
CREATE TABLE orgs (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS devices (
    id TEXT NOT NULL, org_id TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE, name TEXT, -- org_id, not owner
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE TABLE "keys" (id TEXT, org_id TEXT NOT NULL, device_id TEXT);
CREATE TABLE main.readings (seq INTEGER PRIMARY KEY);
ALTER TABLE readings ADD COLUMN org_id TEXT;
CREATE TABLE cursors (consumer TEXT, seq INTEGER, note TEXT DEFAULT 'org_id');
CREATE INDEX keys_by_org ON keys (org_id);
CREATE TABLE rules_new (id TEXT, org_id TEXT);
ALTER TABLE rules_new RENAME TO rules;
CREATE VIEW live_devices AS SELECT * FROM devices WHERE name IS NOT NULL;
"""
TENANTS = tenant_tables(SCHEMA)

GOOD = {
    "plain": "SELECT * FROM devices WHERE org_id = :org_id AND id = :id",
    "param first": "SELECT * FROM devices WHERE :org_id = org_id",
    "qualified": "SELECT * FROM devices AS d WHERE d.org_id = :org_id AND (d.name = 'x' OR d.name = 'y')",
    "bare alias, quoted name, cast": 'SELECT * FROM "devices" d WHERE d.id = :id AND d.org_id = :org_id::text',
    "schema-qualified": "SELECT * FROM main.devices WHERE org_id = :org_id",
    "between": "SELECT * FROM readings WHERE seq BETWEEN :a AND :b AND org_id = :org_id ORDER BY seq LIMIT :limit",
    "in parentheses": "SELECT * FROM devices WHERE (org_id = :org_id AND id = :id)",
    "both sides of a join": "SELECT * FROM devices d JOIN keys k ON k.device_id = d.id AND k.org_id = d.org_id"
    " WHERE d.org_id = :org_id",
    "using": "SELECT * FROM devices d JOIN keys k USING (org_id, id) WHERE d.org_id = :org_id",
    "left join": "SELECT * FROM devices d LEFT OUTER JOIN keys AS k ON k.org_id = d.org_id WHERE d.org_id = :org_id",
    "comma join": "SELECT * FROM devices d, keys k WHERE d.org_id = :org_id AND k.org_id = d.org_id",
    "three tables": "SELECT * FROM devices d JOIN keys k ON k.org_id = d.org_id JOIN readings r ON r.org_id = k.org_id"
    " WHERE d.org_id = :org_id",
    "subquery": "SELECT * FROM devices WHERE org_id = :org_id AND id IN (SELECT device_id FROM keys WHERE org_id = :org_id)",
    "correlated": "SELECT * FROM devices d WHERE d.org_id = :org_id AND EXISTS"
    " (SELECT 1 FROM keys k WHERE k.device_id = d.id AND k.org_id = d.org_id)",
    "union": "SELECT id FROM devices WHERE org_id = :org_id UNION ALL SELECT id FROM keys WHERE org_id = :org_id",
    "common table": "WITH mine AS (SELECT id FROM devices WHERE org_id = :org_id) SELECT * FROM mine",
    "table function": "SELECT * FROM devices WHERE org_id = :org_id AND id IN (SELECT value FROM json_each(:ids) AS j)",
    "distinct from": "SELECT name IS DISTINCT FROM :name FROM devices WHERE org_id = :org_id",
    "update": "UPDATE devices SET name = replace(:name, 'a', 'b') WHERE org_id = :org_id AND id = :id RETURNING id",
    "update from": "UPDATE devices AS d SET name = k.id FROM keys k WHERE k.org_id = d.org_id AND d.org_id = :org_id",
    "delete": "DELETE FROM devices WHERE org_id = :org_id AND id = :id",
    "insert": "INSERT INTO devices (id, org_id, name) VALUES (:id, :org_id, :name)",
    "insert rows": "INSERT INTO devices (org_id, id) VALUES (:org_id, :a), (:org_id, :b) ON CONFLICT DO NOTHING",
    "insert select": "INSERT INTO keys (id, org_id) SELECT id, org_id FROM devices WHERE org_id = :org_id",
    "insert select param": "INSERT INTO keys (org_id, id) SELECT :org_id AS org, value FROM json_each(:ids)",
    "upsert": "INSERT INTO devices (id, org_id, name) VALUES (:id, :org_id, :name)"
    " ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name",
    "upsert with a guard": "INSERT INTO devices (id, org_id) VALUES (:id, :org_id)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE devices.org_id = excluded.org_id",
    "no tenant table": "SELECT * FROM cursors; UPDATE orgs SET name = :name WHERE id = :id",
    "comment and string": "SELECT 'from devices' /* FROM devices */ FROM cursors -- FROM devices",
    "escape": "-- org-scope: the purge runs over every organisation\nDELETE FROM readings WHERE seq < :seq",
    "definition": "CREATE INDEX IF NOT EXISTS d ON devices (name)",
}

BAD = {
    "nothing": "SELECT * FROM devices",
    "only the id": "SELECT * FROM devices WHERE id = :id",
    "another parameter": "SELECT * FROM devices WHERE org_id = :other",
    "a longer parameter": "SELECT * FROM devices WHERE org_id = :org_id_wanted",
    "another comparison": "SELECT * FROM devices WHERE org_id <> :org_id",
    "in a comment": "SELECT * FROM devices -- WHERE org_id = :org_id",
    "in a string": "SELECT * FROM devices WHERE name = 'org_id = :org_id'",
    "or": "SELECT * FROM devices WHERE org_id = :org_id OR name = :name",
    "or outside parentheses": "SELECT * FROM devices WHERE (org_id = :org_id AND id = :id) OR name = :name",
    "or inside parentheses": "SELECT * FROM devices WHERE (org_id = :org_id OR :all) AND id = :id",
    "not": "SELECT * FROM devices WHERE NOT org_id = :org_id",
    "not in parentheses": "SELECT * FROM devices WHERE NOT (org_id = :org_id)",
    "negated equality": "SELECT * FROM devices WHERE org_id = :org_id IS FALSE",
    "case": "SELECT * FROM devices WHERE CASE WHEN id = :id AND org_id = :org_id AND 1 THEN 1 ELSE 1 END",
    "having": "SELECT org_id FROM devices GROUP BY org_id HAVING org_id = :org_id",
    "select list": "SELECT org_id = :org_id FROM devices",
    "one side of a join": "SELECT * FROM devices d JOIN keys k ON k.device_id = d.id WHERE d.org_id = :org_id",
    "tied to nothing": "SELECT * FROM devices d JOIN keys k ON k.org_id = d.org_id",
    "left join filters nothing": "SELECT * FROM devices d LEFT JOIN keys k ON k.org_id = :org_id AND d.org_id = :org_id",
    "right join": "SELECT * FROM devices d RIGHT JOIN keys k ON k.org_id = d.org_id WHERE d.org_id = :org_id",
    "comma join": "SELECT * FROM devices d, keys k WHERE d.org_id = :org_id",
    "parenthesised join": "SELECT * FROM (devices d JOIN keys k ON k.device_id = d.id)",
    "subquery": "SELECT * FROM devices WHERE org_id = :org_id AND id IN (SELECT device_id FROM keys)",
    "subquery in set": "UPDATE devices SET name = (SELECT id FROM keys LIMIT 1) WHERE org_id = :org_id",
    "derived table": "SELECT * FROM (SELECT * FROM devices) d WHERE d.org_id = :org_id",
    "shadowed alias": "SELECT * FROM devices d WHERE d.org_id = :org_id AND EXISTS (SELECT 1 FROM keys d)",
    "union": "SELECT id FROM devices WHERE org_id = :org_id UNION SELECT id FROM devices",
    "common table": "WITH all_devices AS (SELECT * FROM devices) SELECT * FROM all_devices WHERE org_id = :org_id",
    "second statement": "SELECT * FROM devices WHERE org_id = :org_id; DELETE FROM devices WHERE id = :id",
    "view": "SELECT * FROM live_devices",
    "altered table": "SELECT * FROM readings",
    "renamed table": "SELECT * FROM rules",
    "schema-qualified": "SELECT * FROM main.devices",
    "quoted name": 'SELECT * FROM "devices"',
    "update": "UPDATE devices SET name = :name WHERE id = :id",
    "update sets it": "UPDATE devices SET org_id = :org_id WHERE id = :id",
    "update from": "UPDATE devices SET name = k.id FROM keys k WHERE devices.org_id = :org_id",
    "delete": "DELETE FROM devices WHERE id = :id",
    "insert without it": "INSERT INTO devices (id, name) VALUES (:id, :name)",
    "insert without columns": "INSERT INTO devices VALUES (:id, :org_id, :name)",
    "insert another value": "INSERT INTO devices (id, org_id) VALUES (:org_id, :id)",
    "insert a bad second row": "INSERT INTO devices (org_id, id) VALUES (:org_id, :a), (:b, :c)",
    "insert select": "INSERT INTO keys (id, org_id) SELECT id, org_id FROM devices",
    "insert select another value": "INSERT INTO keys (id, org_id) SELECT id, :other FROM devices WHERE org_id = :org_id",
    "insert select union": "INSERT INTO keys (org_id) SELECT :org_id UNION SELECT :other",
    "replace": "INSERT OR REPLACE INTO devices (id, org_id) VALUES (:id, :org_id)",
    "replace into": "REPLACE INTO devices (id, org_id) VALUES (:id, :org_id)",
    "upsert over a shared key": "INSERT INTO devices (id, org_id) VALUES (:id, :org_id)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "upsert from a select": "INSERT INTO devices (id, org_id) SELECT :id, :org_id UNION SELECT :b, :org_id"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "escape without a reason": "-- org-scope: why\nSELECT * FROM devices",
    "truncate": "TRUNCATE devices",
    "copy": "COPY readings FROM STDIN",
    "dynamic end": "SELECT * FROM devices WHERE org_id = :org_id {}",
}


def test_tenant_tables_are_found_in_the_schema() -> None:
    assert sorted(TENANTS) == ["devices", "keys", "live_devices", "readings", "rules", "rules_new"]


@pytest.mark.parametrize("sql", GOOD.values(), ids=GOOD)
def test_a_good_statement_passes(sql: str) -> None:
    assert problems(sql, TENANTS) == []


@pytest.mark.parametrize("sql", BAD.values(), ids=BAD)
def test_a_bad_statement_is_caught(sql: str) -> None:
    assert problems(sql, TENANTS) != []


@pytest.mark.parametrize("sql", [sql for name, sql in GOOD.items() if name != "escape"])
def test_every_mutant_of_a_good_statement_is_caught(sql: str) -> None:
    for mutant in mutants(sql):
        assert problems(mutant, TENANTS) != [], mutant


def test_named_queries_are_cut_at_their_headers() -> None:
    text = """-- queries of devices
-- name: find_device^
-- One device of the organisation.
SELECT * FROM devices WHERE org_id = :org_id;

-- name: claim_deliveries@postgres
SELECT 1;
"""
    first, second = named_queries(text)
    assert (first.name, first.variant, first.line, first.purpose) == (
        "find_device",
        "",
        2,
        "One device of the organisation.",
    )
    assert (second.name, second.variant, second.purpose) == ("claim_deliveries", "@postgres", "")
    assert outside_queries(text) == ""
    assert outside_queries(f"DELETE FROM devices; {text}") != ""


def test_an_escape_is_no_purpose_line() -> None:
    (query,) = named_queries("-- name: purge!\n-- org-scope: runs over all organisations\nDELETE FROM readings")
    assert query.purpose == ""


def test_sql_in_python_is_recognised() -> None:
    source = 'a = f"SELECT * FROM {table} WHERE x"\nb = "delete from devices"\nc = "Delete devices that are gone"\n'
    matched = [line for line, text in inline_sql(ast.parse(source)) if SQL_IN_PYTHON.match(text)]
    assert matched == [1, 2]
