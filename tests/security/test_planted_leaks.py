"""T4: the matrix can fail. Each statement that is bound to an organisation loses that bond, and the matrix must notice.

Where it does not notice, something else stands between: the mutant is listed with what that is. A mutant that is listed
and noticed after all fails the test too, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from penstock.kit.operation import Operation
from tests.security.breaking import Breakable, Pair, Uses, mutants, no_first_line, noticed, readings_in, uses
from tests.security.matrix import shared
from tests.security.table import operations
from tests.security.unnoticed import LIMIT, SOMETIMES, UNNOTICED

FIRST_LINE = ["find_device-3", "find_device_ids_by_value-0", "find_device_id_by_identifier-0", "list_devices-3"]
FIRST_LINE += ["find_project-0", "find_default_project-0", "list_projects-0", "list_keys-0", "count_devices-0"]
SOON = {"find_device-3", "find_project-0", "delete_member-0", "revoke_sessions_of-0", "list_sessions-0", "find_member_by_email-0"}
"""Those that have their turn at once, as they are given away quickly; the rest in the long catalogue."""
OF_PEOPLE = ["delete_member-0", "leave_groups-0", "list_groups_of-0", "list_keys_of_root-0", "revoke_keys_of_root-0"]
OF_PEOPLE += ["list_open_sessions-0", "revoke_sessions_of-0", "list_sessions-0", "set_member_role-0"]
OF_PEOPLE += ["find_member_by_email-0", "find_pending_invitation-0"]
"""Those that act on people, who may belong to several organisations."""
OTHERS = [mutant for mutant in mutants() if mutant not in {*FIRST_LINE, *OF_PEOPLE}]
INDEXED = ["history_ascending-0", "history_descending-0", "latest_by_event-0", "scan_indexed-0"]
"""Those that read what is indexed; the others see what was just stored."""


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breakable]:
    with Breakable(tmp_path_factory.mktemp("breakable") / "data") as server:
        yield server


def test_the_list_of_unnoticed_is_current() -> None:
    assert UNNOTICED.keys() - set(OTHERS) == set()
    assert len(mutants()) > 40


@pytest.mark.prove
def test_nothing_is_noticed_where_nothing_is_broken(breakable: Breakable) -> None:
    assert noticed(breakable, operations(), side_by_side=True) is None


@pytest.mark.prove
@pytest.mark.parametrize("place", ["tail", "index"])
def test_the_second_line_holds_by_itself(breakable: Breakable, place: str) -> None:
    with no_first_line(), readings_in(place):
        assert noticed(breakable, operations(), only_foreign=True) is None


def some_soon(mutants: list[str]) -> list[Any]:
    return [one if one in SOON else pytest.param(one, marks=pytest.mark.prove) for one in mutants]


READS_FIRST = sorted(operations(), key=lambda one: one.method != "GET")
"""The quickest to tell, as nothing can be changed by them."""


@pytest.mark.parametrize("mutant", some_soon(FIRST_LINE))
def test_a_lost_bond_is_noticed(mutant: str, breakable: Breakable) -> None:
    with breakable.without(mutant):
        assert noticed(breakable, READS_FIRST, side_by_side=True) is not None


@pytest.mark.parametrize("mutant", some_soon(OF_PEOPLE))
def test_a_lost_bond_on_people_is_noticed(mutant: str, breakable: Breakable) -> None:
    with breakable.client() as client, breakable.without(mutant):
        pair = Pair(breakable, client)
        assert list(shared(client, pair.mine, pair.theirs)) != []


@pytest.fixture(scope="module")
def used(breakable: Breakable) -> Uses:
    return uses(breakable)


@pytest.fixture(scope="module")
def used_behind(breakable: Breakable) -> Uses:
    with no_first_line():
        return uses(breakable, only_foreign=True)


def noticed_or_refused(breakable: Breakable, asked: Sequence[Operation], **options: bool) -> str | None:
    """What the matrix notices; also that an organisation cannot make things of its own because of what others have."""
    try:
        return noticed(breakable, asked, **options)
    except AssertionError as refused:
        return f"an organisation's own things are refused: {refused}"


@pytest.mark.prove
@pytest.mark.parametrize("mutant", OTHERS)
def test_a_lost_bond_is_noticed_at_last_behind_the_first_line_or_listed(
    mutant: str, breakable: Breakable, used: Uses, used_behind: Uses
) -> None:
    name, _ = mutants()[mutant]
    with breakable.without(mutant):
        found = noticed_or_refused(breakable, used.by_operations.get(name, []), side_by_side=name in used.side_by_side)
        if found is None:
            with no_first_line(), readings_in("index" if mutant in INDEXED else "tail"):
                found = noticed_or_refused(breakable, used_behind.by_operations.get(name, []), only_foreign=True)
    if UNNOTICED.get(mutant) in (LIMIT, SOMETIMES):
        return  # a limit is noticed once the organisations together have more than one may have
    assert (found is None) == (mutant in UNNOTICED), found or "unnoticed"
