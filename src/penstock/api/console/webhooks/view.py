"""What pages of webhooks say about deliveries, from the newest messages that the API lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from penstock.api.console.shared.formats import duration, moment

STATUSES = ("pending", "delivered", "failed", "expired")
_FORMAT_HELP = {"standard": "Signed as standardwebhooks.com describes. Select this one if unsure."}
_OTHER_FORMAT = "Body and signature as this product sends them."
_REASONS = {
    404: "not found",
    410: "gone",
    429: "too many requests",
    500: "internal error",
    502: "bad gateway",
    503: "unavailable",
}


class Recent(msgspec.Struct, kw_only=True):
    """The results of the newest messages of one endpoint."""

    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    last: Mapping[str, Any] | None = None
    last_failed: Mapping[str, Any] | None = None

    @property
    def rate(self) -> float | None:
        """The share of settled messages that were delivered, in percent; None before the first."""
        settled = self.delivered + self.failed
        return 100 * self.delivered / settled if settled else None


def recent_of(messages: Iterable[Mapping[str, Any]]) -> dict[str, Recent]:
    """The results by endpoint, from messages newest first."""
    found: dict[str, Recent] = {}
    for message in messages:
        one = found.setdefault(message["webhook_id"], Recent())
        one.last = one.last or message
        if message["status"] == "delivered":
            one.delivered += 1
            continue
        if message["status"] == "pending":
            one.waiting += 1
        else:
            one.failed += 1
        if message["attempts"] and one.last_failed is None:
            one.last_failed = message
    return found


def format_options(names: Iterable[str]) -> list[dict[str, str]]:
    """The formats of messages to choose from."""
    return [{"value": name, "label": name.capitalize(), "help": _FORMAT_HELP.get(name, _OTHER_FORMAT)} for name in names]


def by_group(topics: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Topics by the first word of their names, in the order of the catalogue."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for topic in topics:
        found.setdefault(topic["name"].partition(".")[0], []).append(topic)
    return list(found.items())


def topic_options(topics: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What can be chosen in a form, by group: first all topics of the group, also later ones."""
    found = {}
    for group, members in by_group(topics):
        every = {"value": f"{group}.*", "label": f"{group}.*", "help": "All of these, also types that come later"}
        found[group] = [every] if len(members) > 1 else []
        found[group] += [{"value": one["name"], "label": one["name"], "help": one["description"]} for one in members]
    return found


def covers(pattern: str, topic: str) -> bool:
    """Whether an endpoint's topic, which can be a prefix, matches one of the catalogue."""
    return pattern in ("*", topic) or (pattern.endswith(".*") and topic.startswith(pattern[:-1]))


def ailment(webhook: Mapping[str, Any], attempt: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """What is wrong with an endpoint: a tone and a sentence. None if nothing is."""
    error = _last_error(webhook, attempt)
    if not webhook["enabled"]:
        return ("plain" if webhook["disabled_reason"] == "by_hand" else "bad"), _disabled(webhook) + error
    if webhook.get("paused_until"):
        return "warn", f"Webhook paused after {webhook.get('failures', 0)} failures in a row; one message is tried soon.{error}"
    if webhook["failing_since"]:
        return "warn", f"Deliveries have failed for {_since(webhook)}.{error}"
    return None


def _disabled(webhook: Mapping[str, Any]) -> str:
    match webhook["disabled_reason"]:
        case "gone":
            return f"Webhook disabled: {host_of(webhook)} responded with 410 Gone."
        case "failing":
            return f"Webhook disabled after {_since(webhook)} of failures."
        case _:
            return "Webhook disabled manually. New events create no messages for it; waiting ones keep waiting."


def _since(webhook: Mapping[str, Any]) -> str:
    start, end = moment(webhook["failing_since"]), moment(webhook["updated_at"])
    if start is None or end is None or webhook["enabled"]:
        return "some time" if start is None else f"a while, since {start:%d %b, %H:%M} UTC"
    return duration(max((end - start).total_seconds(), 0))


def _last_error(webhook: Mapping[str, Any], attempt: Mapping[str, Any] | None) -> str:
    if attempt is None or 200 <= (attempt["status"] or 0) < 300:
        return ""
    if attempt["status"] is None:
        return f" Last error: {outcome(attempt)} ({host_of(webhook)})."
    return f" Last error: {outcome(attempt)} from {host_of(webhook)}."


def outcome(attempt: Mapping[str, Any]) -> str:
    """What an attempt ended with: the status, or why there was no response."""
    status = attempt["status"]
    if status is None:
        return str(attempt["error"] or "no response")
    return f"{status} {_REASONS[status]}" if status in _REASONS else str(status)


def host_of(webhook: Mapping[str, Any]) -> str:
    """The host of an endpoint's URL."""
    return urlsplit(webhook["url"]).hostname or str(webhook["url"])


def payload_of(message: Mapping[str, Any]) -> Any:
    """The payload of a message as a value; text if it is not JSON, None if it was deleted."""
    text = message["payload"]
    try:
        return None if text is None else msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
