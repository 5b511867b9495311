"""How an entry of the audit log is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TARGETS = {
    "device": "devices",
    "key": "keys",
    "user": "people/members",
    "group": "people/groups",
    "rule": "rules",
    "webhook": "webhooks",
    "connection": "connections",
    "customer": "customers",
}
_PREFIXES = {"key": "key_", "user": "usr_", "device": "dev_", "group": "grp_"}


def target_path(kind: str, target_id: str) -> str:
    """The page of the target of an entry; empty if it has none."""
    noun = _TARGETS.get(kind)
    prefix = _PREFIXES.get(kind)
    if noun is None or not target_id or (prefix is not None and not target_id.startswith(prefix)):
        return ""
    return f"/console/{noun}/{target_id}"


def summary(details: Mapping[str, Any]) -> str:
    """The details of an entry in a line: what changed, or its simple facts."""
    before, after = details.get("before"), details.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        changed = [f"{name}: {_short(before.get(name))} → {_short(value)}" for name, value in after.items()]
        return ", ".join(changed)[:300]
    facts = after if isinstance(after, dict) else details
    return ", ".join(f"{name}: {_short(value)}" for name, value in facts.items() if not isinstance(value, dict))[:300]


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} values" if len(value) > 3 else ", ".join(map(str, value))
    text = {"None": "none", "True": "yes", "False": "no", "": "empty"}.get(str(value), str(value))
    return text if len(text) <= 60 else f"{text[:57]}…"
