"""What the overview says about the answers of the API. Pure."""

from __future__ import annotations

import datetime
from typing import Any

from penstock.api.console.audit.view import phrase, target_path
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, format_time

HOURS = 24
LONG_OFFLINE_US = DAY_US
NEAR = 0.9
"""The share of a limit from which on it is worth a warning."""
LOW_DAYS = 14
"""Days until a disk is full, or a plan or a key ends, from which on it is worth a warning."""
_SIGN_INS = ("auth.signin.", "auth.session.revoke", "auth.mfa.passed", "auth.mfa.failed", "auth.mfa.issued")
"""Actions of the audit log that change nothing but a session."""
_ENDS = (".delete", ".remove", ".forget", ".revoke", ".trash")
"""Ends of actions after which a thing has no page."""


def hourly(rows: list[dict[str, Any]], now_us: int) -> list[int]:
    """The readings of each of the last 24 hours, oldest first. Hours without usage are not among the rows."""
    found = {_us(row["start"]): int(row["readings"]) for row in rows}
    this = now_us - now_us % HOUR_US
    return [found.get(this - back * HOUR_US, 0) for back in reversed(range(HOURS))]


def rate(rows: list[dict[str, Any]], now_us: int) -> float:
    """Readings per minute since the hour began, of which at least one minute is counted."""
    minutes = max(1.0, now_us % HOUR_US / (60 * SECOND_US))
    return hourly(rows, now_us)[-1] / minutes


def changes(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the audit log that are about more than a session."""
    return [entry for entry in entries if not entry["action"].startswith(_SIGN_INS)]


def attention(state: dict[str, Any]) -> list[dict[str, str]]:
    """What needs attention, what is worst first: [{tone, title, text, href}]."""
    found = [
        *_system(state.get("system")),
        *_plan(state.get("limits"), state["now_us"]),
        *(item for one in state["webhooks"] for item in _webhook(one)),
        *(item for one in state["connections"] for item in _connection(one)),
        *(item for one in state["rules"] for item in _rule(one)),
        *(item for one in state["keys"] for item in _key(one, state["now_us"])),
        *(item for one in state["unseen"] for item in _device(one, state["now_us"])),
    ]
    return sorted(found, key=lambda item: item["tone"] != "bad")


def first_steps(*, devices: bool, company: bool, key: bool) -> list[dict[str, Any]]:
    """The three first steps, as `ui.steps` shows them; none if all are done."""
    steps = [
        {
            "title": "Connect a device",
            "text": "Create it, send a first reading by HTTP, MQTT or LoRaWAN, and watch it arrive.",
            "done": devices,
            "href": "/console/connect",
            "action": "Connect a device",
        },
        {
            "title": "Invite a person",
            "text": "They get a mail with a link, and the role that you choose.",
            "done": company,
            "href": "/console/people/invite",
            "action": "Invite",
        },
        {
            "title": "Make an API key",
            "text": "For a program that reads or writes: it has only the scopes that you select.",
            "done": key,
            "href": "/console/keys/new",
            "action": "New key",
        },
    ]
    return [] if devices and company and key else steps


def together(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of the audit log, newest first, each with a `text`; what one person or rule did again and again is one of them."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        last = found[-1] if found else None
        if last is not None and (last["action"], last["user"], last["outcome"]) == (
            entry["action"],
            entry["user"],
            entry["outcome"],
        ):
            last["times"] += 1
            continue
        name = entry["target_name"] or ""
        found.append(entry | {"times": 1, "name": "" if name == entry["user"] else name})
    gone = {entry["target_id"] for entry in entries if entry["action"].endswith(_ENDS)}
    return [one | {"text": _times(one["times"], one["name"])} | _in_words(one, gone) for one in found]


def _in_words(entry: dict[str, Any], gone: set[str | None]) -> dict[str, str]:
    """What was done, in words, with the page of the thing; none for one that was deleted since, as that is a newer entry."""
    target = entry["target_id"]
    href = "" if not target or target in gone else target_path(entry["target_type"], target)
    return {"title": phrase(entry["action"]), "href": href}


def _times(times: int, name: str) -> str:
    if times == 1:
        return name
    return f"{times} times, last {name}" if name else f"{times} times"


def _item(tone: str, title: str, text: str, href: str) -> dict[str, str]:
    return {"tone": tone, "title": title, "text": text, "href": href}


def _system(system: dict[str, Any] | None) -> list[dict[str, str]]:
    if system is None:
        return []
    found = [
        _item("bad" if check["status"] == "fail" else "warn", f"Server: {check['name']}", check["detail"], "/console/system")
        for check in system["checks"]
        if check["status"] != "ok"
    ]
    days = system["disk"]["days_left"]
    if days is not None and days < LOW_DAYS:
        found.append(_item("bad", "The disk fills up", f"At the present rate it is full in {days:.0f} days.", "/console/system"))
    return found


def _plan(limits: dict[str, Any] | None, now_us: int) -> list[dict[str, str]]:
    if limits is None:
        return []
    found = []
    if limits["plan_until"] and _us(limits["plan_until"]) - now_us < LOW_DAYS * DAY_US:
        text = f"The plan {limits['plan']} ends on {limits['plan_until'][:10]}."
        found.append(_item("warn", "The plan ends soon", text, "/console/usage"))
    readings = limits["readings"]
    if readings and readings["remaining"] <= readings["count"] * (1 - NEAR):
        text = f"{readings['remaining']:,} of {readings['count']:,} readings of this month are left."
        found.append(_item("warn", "Close to the plan's limit", text, "/console/usage"))
    return found


def _webhook(one: dict[str, Any]) -> list[dict[str, str]]:
    href, name = f"/console/webhooks/{one['id']}", _apart(one["name"] or one["url"])
    if not one["enabled"] and one["disabled_reason"] != "by_hand":
        return [_item("bad", f"Webhook {name} was disabled", "Its deliveries failed for too long.", href)]
    if one["enabled"] and one["failing_since"]:
        return [_item("warn", f"Webhook {name} fails", f"Since {_shown(one['failing_since'])}.", href)]
    return []


def _connection(one: dict[str, Any]) -> list[dict[str, str]]:
    href = f"/console/connections/{one['id']}"
    link = one["link"]
    if link and link["state"] in ("waiting", "stopped") and link["reason"]:
        return [_item("bad", f"Connection {_apart(one['name'])} is down", link["reason"], href)]
    if one["last_error"] and (one["last_error_at"] or "") > (one["last_message_at"] or ""):
        return [_item("warn", f"Connection {_apart(one['name'])} fails", one["last_error"], href)]
    return []


def _rule(one: dict[str, Any]) -> list[dict[str, str]]:
    href = f"/console/rules/{one['id']}"
    if one["state"] == "force_stopped":
        return [_item("bad", f"Rule {_apart(one['name'])} was stopped", one["reason"], href)]
    if one["failures"]:
        return [_item("warn", f"Rule {_apart(one['name'])} fails", f"Its last {one['failures']} runs failed.", href)]
    return []


def _key(one: dict[str, Any], now_us: int) -> list[dict[str, str]]:
    if not one["expires_at"] or _us(one["expires_at"]) - now_us >= LOW_DAYS * DAY_US:
        return []
    text = f"It is valid until {_shown(one['expires_at'])}."
    return [_item("warn", f"Key {one['name']} expires soon", text, f"/console/keys/{one['id']}")]


def _device(one: dict[str, Any], now_us: int) -> list[dict[str, str]]:
    seen = one["last_seen_at"]
    if one["status"] == "paused" or not seen or now_us - _us(seen) < LONG_OFFLINE_US:
        return []
    return [_item("warn", f"{_apart(one['name'])} is offline", f"Last seen {_shown(seen)}.", f"/console/devices/{one['id']}")]


def _apart(name: str) -> str:
    """A name within a sentence, which cannot turn the direction of the words after it."""
    return name if name.isascii() else f"\u2068{name}\u2069"


def _shown(moment: str) -> str:
    return format_time(_us(moment))[:16].replace("T", " ") + " UTC"


def _us(moment: str) -> int:
    return int(datetime.datetime.fromisoformat(moment).timestamp() * SECOND_US)
