"""A list's statement becomes one for each order."""

from __future__ import annotations

from penstock.adapters.storage.orders import in_each_order, name_of
from penstock.adapters.storage.statements import statements_in

TEXT = """-- name: list_rules
-- Rules.
-- orders: -created_at id, name name COLLATE NOCASE
SELECT id FROM rules WHERE {{place}} ORDER BY {{order}};

-- name: find_rule^
SELECT id FROM rules;
"""


def test_there_is_a_statement_for_each_order() -> None:
    found = statements_in(in_each_order(TEXT))
    orders = ("", "created_at", "name", "-name")
    assert found.keys() == {*(name_of("list_rules", one) for one in orders), "find_rule"}
    assert found["list_rules"] == "SELECT id FROM rules WHERE id < :after_id ORDER BY id DESC;"
    assert found["list_rules__name_reversed"] == (
        "SELECT id FROM rules WHERE (name COLLATE NOCASE, id) < (:after, :after_id) ORDER BY name COLLATE NOCASE DESC, id DESC;"
    )
