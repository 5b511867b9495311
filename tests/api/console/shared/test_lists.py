"""The lists of the API, found by their path."""

from __future__ import annotations

import pytest

from penstock.api.console.shared.list_columns import name_of
from penstock.api.console.shared.lists import MAX_PAGE, Lists, is_list, shape_of
from tests.security.table import operations


@pytest.fixture(scope="module")
def lists() -> Lists:
    return Lists(operations())


def test_a_list_is_found_with_its_parameters(lists: Lists) -> None:
    found = lists.find(b"/api/v2/rules/rul_1/versions")
    assert found is not None
    assert (found.template, found.params) == ("/api/v2/rules/{rule_id}/versions", {"rule_id": "rul_1"})
    assert (found.name, found.shape.limit) == ("rules-versions", MAX_PAGE)
    assert lists.find(b"/api/v2/rules/rul_2/versions") != found


@pytest.mark.parametrize("path", ["/api/v2/me", "/api/v2/devices/dev_1", "/api/v2/nothing", "/api/v1/devices", "/metrics", "/"])
def test_nothing_else_is_a_list(path: str, lists: Lists) -> None:
    assert lists.find(path.encode()) is None


def test_every_list_has_columns() -> None:
    shapes = {operation.path: shape_of(operation) for operation in operations() if is_list(operation)}
    assert len(shapes) > 60
    assert [path for path, shape in shapes.items() if not shape.columns] == []


def test_no_file_has_codes_or_secrets() -> None:
    messages = next(operation for operation in operations() if operation.path == "/api/v2/inbox/messages")
    names = {name_of(column) for column in shape_of(messages).columns}
    assert {"id", "from", "to", "status"} < names
    assert not names & {"code", "links", "body", "subject"}
