"""Named lists of columns in the SQL files."""

from __future__ import annotations

import pytest

from penstock.adapters.storage.fragments import expanded, expanded_all, fragments_in

TEXT = """-- fragment: pump_columns
    id, org_id,
    name

-- name: create_pump!
INSERT INTO pumps ({{pump_columns}}) VALUES ({{:pump_columns}});

-- name: update_pump!
UPDATE pumps SET {{=pump_columns}} WHERE id = :id;

-- name: find_pump^
SELECT {{p.pump_columns}} FROM pumps AS p WHERE p.id = :id;
"""


def test_a_list_is_put_in_its_places_and_lines_stay_where_they_are() -> None:
    found = expanded_all({"pumps.sql": TEXT})["pumps.sql"].splitlines()
    assert found[5] == "INSERT INTO pumps (id, org_id, name) VALUES (:id, :org_id, :name);"
    assert found[8] == "UPDATE pumps SET id = :id, org_id = :org_id, name = :name WHERE id = :id;"
    assert found[11] == "SELECT p.id, p.org_id, p.name FROM pumps AS p WHERE p.id = :id;"
    assert found[:4] == ["", "", "", ""]


def test_a_list_may_be_used_in_another_file() -> None:
    used = expanded_all({"a.sql": "-- name: a\nSELECT {{pump_columns}} FROM pumps;\n", "b.sql": TEXT})
    assert used["a.sql"] == "-- name: a\nSELECT id, org_id, name FROM pumps;\n"


def test_what_is_no_plain_list_takes_no_alias() -> None:
    fragments = fragments_in("-- fragment: counted\n    id, (SELECT count(*) FROM parts) AS parts\n")
    assert expanded("{{counted}}", fragments) == "id, (SELECT count(*) FROM parts) AS parts"
    with pytest.raises(ValueError, match=r"\{\{p\.counted\}\} requires a plain list"):
        expanded("{{p.counted}}", fragments)


def test_a_fragment_that_is_not_there_or_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="fragment tank_columns was not found"):
        expanded_all({"a.sql": "SELECT {{tank_columns}}"})
    with pytest.raises(ValueError, match="the same name: pump_columns"):
        expanded_all({"a.sql": TEXT, "b.sql": TEXT})
