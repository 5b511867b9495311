"""The menu shows what a person may see."""

from __future__ import annotations

from penstock.api.console.shared.navigation import MENU, menu_for
from penstock.api.console.shared.viewer import Viewer
from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES
from penstock.core.tenancy.scopes import ALL


def keys(role: Role, **more: bool) -> set[str]:
    viewer = Viewer(role=role.value, scopes=SCOPES[role], **more)
    return {item["key"] for group in menu_for(viewer, "devices", {"alerts": 3}) for item in group["items"]}


def test_each_role_sees_its_pages() -> None:
    everything = {item.key for group in MENU for item in group.entries}
    assert keys(Role.OWNER) == everything - {"system"}, "an owner is not the operator of a server with many organisations"
    assert keys(Role.OWNER, operator=True) == everything
    assert keys(Role.VIEWER) < keys(Role.ADMIN) < everything
    assert keys(Role.RESIDENT) == {"devices", "meters", "bills"}
    assert keys(Role.CUSTOMER_MANAGER) == {"devices", "customers", "meters", "bills"}


def test_scopes_of_the_menu_exist() -> None:
    assert {item.scope for group in MENU for item in group.entries if not item.operator} <= ALL


def test_nobody_and_a_limited_session_see_none() -> None:
    assert keys(Role.OWNER, limited=True) == keys(Role.OWNER, signed_in=False) == set()


def test_the_current_page_and_what_needs_action_are_marked() -> None:
    items = [item for group in menu_for(Viewer(scopes=ALL), "devices", {"alerts": 3}) for item in group["items"]]
    assert [item["key"] for item in items if item["active"]] == ["devices"]
    assert {item["key"]: item["badge"] for item in items if item["badge"]} == {"alerts": 3}
