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
_REGULAR = (
    "acknowledge add assign check clear create delete deploy disable enable export invite issue mark place queue recover "
    "register release remove replace replay resend reset restore revoke rotate save snooze start test trash update use view"
)
_PARTICIPLES = {verb: f"{verb}d" if verb.endswith("e") else f"{verb}ed" for verb in _REGULAR.split()}
_PARTICIPLES |= {"cancel": "cancelled", "pay": "paid", "read": "read", "send": "sent", "set": "set", "stop": "stopped"}
_PARTICIPLES |= {"forget": "forgotten", "shred": "destroyed", "withdraw": "withdrawn"}
_NOUNS = {"apikey": "API key", "org": "organisation", "sms": "SMS"}
_PREFIXES = {"key": "key_", "user": "usr_", "device": "dev_", "group": "grp_"}


def target_path(kind: str, target_id: str) -> str:
    """The page of the target of an entry; empty if it has none."""
    noun = _TARGETS.get(kind)
    prefix = _PREFIXES.get(kind)
    if noun is None or not target_id or (prefix is not None and not target_id.startswith(prefix)):
        return ""
    return f"/console/{noun}/{target_id}"


def phrase(action: str) -> str:
    """An action in words, such as `API key created` for `apikey.create`."""
    *nouns, verb = action.split(".")
    words = [_NOUNS.get(one, one) for one in nouns] + [_PARTICIPLES.get(verb, verb)]
    text = " ".join(words).replace("_", " ")
    return text[:1].upper() + text[1:]


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
