"""Named statements in the SQL files."""

from __future__ import annotations

import pytest

from penstock.adapters.storage.statements import statements_in

TEXT = """-- Pumps and their parts.

-- name: find_pump^
-- One pump by id.
SELECT id, name -- shown to people
FROM pumps
    -- A pump is never shown to others.
WHERE org_id = :org_id
  AND id = :id;

-- name: delete_pump!
-- Delete a pump.
DELETE FROM pumps WHERE id = :id;

-- name: list_pumps
SELECT id FROM pumps;
"""


def test_statements_have_their_names_without_marks_and_their_text_without_lines_of_comment() -> None:
    assert statements_in(TEXT) == {
        "find_pump": "SELECT id, name -- shown to people\nFROM pumps\nWHERE org_id = :org_id\n  AND id = :id;",
        "delete_pump": "DELETE FROM pumps WHERE id = :id;",
        "list_pumps": "SELECT id FROM pumps;",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-- name: find pump\nSELECT 1;", "cannot be named find pump"),
        ("-- name:find_pump\nSELECT 1;", "cannot be named"),
        ("-- name: find_pump$\nSELECT 1;", r"cannot be named find_pump\$"),
        ("-- name: find_pump\n-- One pump.\n;\n", "no statement follows the name find_pump"),
        (TEXT + TEXT, "two statements have the name find_pump"),
    ],
)
def test_what_is_written_otherwise_is_an_error(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        statements_in(text)
