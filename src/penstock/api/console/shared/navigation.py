"""The menu: groups of pages, each with the scope without which there is nothing to see."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.api.console.shared.viewer import Viewer

ROOT = "/console"
RESIDENT, MANAGER = "resident", "customer_manager"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A page in the menu. `key` marks the pages that belong to it. Without a scope everybody sees it.

    `roles` are the roles of people who see only a part of the organisation, and can open it without the scope. A page
    of the `operator` is shown to the operator only.
    """

    key: str
    label: str
    icon: str
    path: str
    scope: str = ""
    roles: tuple[str, ...] = ()
    operator: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Pages under one heading."""

    label: str
    entries: tuple[Item, ...]


MENU = (
    Group(
        label="Monitor",
        entries=(
            Item(key="overview", label="Overview", icon="gauge", path="", scope="devices:read"),
            Item(key="devices", label="Devices", icon="cpu", path="/devices", scope="devices:read", roles=(RESIDENT, MANAGER)),
            Item(key="dashboards", label="Dashboards", icon="layout-dashboard", path="/dashboards", scope="dashboards:read"),
            Item(key="alerts", label="Alerts", icon="bell", path="/alerts", scope="alerts:read"),
            Item(key="events", label="Events", icon="activity", path="/events", scope="alerts:read"),
        ),
    ),
    Group(
        label="Build",
        entries=(
            Item(key="rules", label="Rules", icon="workflow", path="/rules", scope="rules:read"),
            Item(key="webhooks", label="Webhooks", icon="webhook", path="/webhooks", scope="webhooks:read"),
            Item(key="connections", label="Connections", icon="plug", path="/connections", scope="connections:read"),
            Item(key="profiles", label="Profiles & codecs", icon="braces", path="/profiles", scope="devices:read"),
        ),
    ),
    Group(
        label="Secrets",
        entries=(
            Item(key="vault", label="Vault", icon="key-round", path="/vault", scope="tokens:read"),
            Item(key="inbox", label="Inboxes", icon="inbox", path="/inbox", scope="sms:read"),
        ),
    ),
    Group(
        label="Business",
        entries=(
            Item(
                key="customers", label="Customers", icon="building-2", path="/customers", scope="customers:read", roles=(MANAGER,)
            ),
            Item(
                key="meters",
                label="Meters",
                icon="droplets",
                path="/meters",
                scope="devices:read",
                roles=(RESIDENT, MANAGER),
            ),
            Item(key="bills", label="Bills", icon="receipt", path="/bills", scope="billing:read", roles=(RESIDENT, MANAGER)),
        ),
    ),
    Group(
        label="Settings",
        entries=(
            Item(key="keys", label="API keys", icon="key", path="/keys", scope="org:admin"),
            Item(key="people", label="People", icon="users", path="/people", scope="organization:read"),
            Item(key="usage", label="Plan & usage", icon="chart-column", path="/usage", scope="usage:read"),
            Item(key="audit", label="Audit log", icon="scroll-text", path="/audit", scope="audit:read"),
            Item(key="system", label="System", icon="server", path="/system", operator=True),
        ),
    ),
)


def menu_for(viewer: Viewer, nav_key: str, badges: dict[str, int]) -> list[dict[str, Any]]:
    """The groups that a person sees. `badges` are numbers of things that need action, by the key of the page.

    Shape: [{label, items: [{key, label, icon, href, badge, active}]}].
    """
    if not viewer.signed_in or viewer.limited:
        return []
    groups = ((group.label, [item for item in group.entries if _shown(item, viewer)]) for group in MENU)
    return [{"label": label, "items": [_shown_item(item, nav_key, badges) for item in items]} for label, items in groups if items]


def _shown(item: Item, viewer: Viewer) -> bool:
    if item.operator:
        return viewer.operator
    return viewer.can(item.scope) or viewer.role in item.roles


def _shown_item(item: Item, nav_key: str, badges: dict[str, int]) -> dict[str, Any]:
    return {
        "key": item.key,
        "label": item.label,
        "icon": item.icon,
        "href": ROOT + item.path,
        "badge": badges.get(item.key, 0),
        "active": item.key == nav_key,
    }
